import type { Env } from "../src/worker/env.ts";
import { MachineWorldInMemory } from "./_world.ts";

/** The Worker's bindings without workerd: each object a machine in memory, all of them kept in `worlds`. */
export function envInMemory(variables: object): {
  readonly env: Env;
  readonly worlds: ReadonlyMap<string, MachineWorldInMemory>;
} {
  const worlds = new Map<string, MachineWorldInMemory>();
  const idFromName = (name: string): unknown => name;
  const env: Env = {
    ...variables,
    MACHINES: {
      idFromName,
      get(id) {
        const world = worlds.get(String(id)) ?? new MachineWorldInMemory(variables);
        worlds.set(String(id), world);
        return {
          append: (request) => world.machine.append(request),
          position: (journal) => Promise.resolve(world.machine.position(journal)),
          view: () => Promise.resolve(world.machine.view()),
        };
      },
    },
    MACHINE_DIRECTORY: {
      idFromName,
      get: () => ({
        add: () => Promise.resolve(),
        orgs: (machine) =>
          Promise.resolve(
            [...worlds.values()]
              .flatMap(({ announced }) => announced)
              .filter((who) => who.machine === machine)
              .map(({ org }) => org),
          ),
      }),
    },
    MACHINE_METRICS: { writeDataPoint: () => undefined },
  };
  return { env, worlds };
}

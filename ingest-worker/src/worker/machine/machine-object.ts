import { DurableObject } from "cloudflare:workers";
import { directoryStub } from "../env.ts";
import type { Env } from "../env.ts";
import { logFailure } from "../log.ts";
import { readSettings } from "../settings.ts";
import type { AppendOutcome, AppendRequest } from "./append.ts";
import { hashLine } from "./line-mark.ts";
import { Machine } from "./machine.ts";
import type { MachineView, PositionAnswer } from "./machine.ts";
import { sqlDatabaseOf } from "./durable-sql.ts";
import { MachineStore } from "./store.ts";
import type { RefusalOf } from "../refusal.ts";

/** The Durable Object of one machine: it wires the machine to the platform and holds no rule of its own. */
export class MachineObject extends DurableObject<Env> {
  readonly #machine: Machine;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    const { storage } = state;
    this.#machine = new Machine({
      store: new MachineStore(sqlDatabaseOf(storage)),
      alarm: { get: () => storage.getAlarm(), set: (at) => storage.setAlarm(at) },
      points: env.MACHINE_METRICS,
      settings: readSettings(env),
      now: () => Date.now(),
      hashLine,
      announce: ({ org, machine }) => directoryStub(env, machine).add(machine, org),
      logFailure,
    });
  }

  append(request: AppendRequest): Promise<AppendOutcome> {
    return this.#machine.append(request);
  }

  position(journal: string): PositionAnswer | RefusalOf<"newer-state"> {
    return this.#machine.position(journal);
  }

  view(): MachineView | RefusalOf<"not-found" | "newer-state"> {
    return this.#machine.view();
  }

  override alarm(): Promise<void> {
    return this.#machine.ring();
  }
}

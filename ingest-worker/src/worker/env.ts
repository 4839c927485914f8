import type { MachineDirectory } from "./machine/directory-object.ts";
import type { MachineObject } from "./machine/machine-object.ts";
import type { PointBinding } from "./machine/outbox.ts";

/** The Worker's bindings and variables; numbers are read by settings.ts. */
export interface Env {
  readonly MACHINES: DurableObjectNamespace<MachineObject>;
  readonly MACHINE_DIRECTORY: DurableObjectNamespace<MachineDirectory>;
  readonly MACHINE_METRICS: PointBinding;
  /** The platform's rate limiter, where there is one. */
  readonly MACHINE_RATE_LIMIT?: RateLimit;
  /** Public keys of the tokens, a JWKS as JSON text. */
  readonly INGEST_KEYS?: string;
  /** Machine ids whose tokens are refused, a JSON list. */
  readonly REVOKED_MACHINES?: string;
}

/** The object of one machine of one organisation: another organisation's machine of the same name is another object. */
export function machineStub(env: Env, org: string, machine: string) {
  return env.MACHINES.get(env.MACHINES.idFromName(JSON.stringify([org, machine])));
}

/** The object that knows which organisations have a machine of this name. */
export function directoryStub(env: Env, machine: string) {
  return env.MACHINE_DIRECTORY.get(env.MACHINE_DIRECTORY.idFromName(machine));
}

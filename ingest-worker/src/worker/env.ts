import type { AppendOutcome, AppendRequest } from "./machine/append.ts";
import type { MachineView, PositionAnswer } from "./machine/machine.ts";
import type { PointBinding } from "./machine/outbox.ts";
import type { RefusalOf } from "./refusal.ts";

/**
 * The Worker's bindings and variables; numbers are read by settings.ts. Bindings are described by
 * what is used of them, so that a simulation can stand in for the platform.
 */
export interface Env {
  readonly MACHINES: ObjectNamespace<MachineStub>;
  readonly MACHINE_DIRECTORY: ObjectNamespace<DirectoryStub>;
  readonly MACHINE_METRICS: PointBinding;
  /** The platform's rate limiter, where there is one. */
  readonly MACHINE_RATE_LIMIT?: RateLimiter;
  /** Public keys of the tokens, a JWKS as JSON text. */
  readonly INGEST_KEYS?: string;
  /** Machine ids whose tokens are refused, a JSON list. */
  readonly REVOKED_MACHINES?: string;
}

/** Objects by name. */
interface ObjectNamespace<Stub, Id = unknown> {
  idFromName(name: string): Id;
  get(id: Id): Stub;
}

/** A machine's object, called from afar. */
export interface MachineStub {
  append(request: AppendRequest): Promise<AppendOutcome>;
  position(journal: string): Promise<PositionAnswer | RefusalOf<"newer-state">>;
  view(): Promise<MachineView | RefusalOf<"not-found" | "newer-state">>;
}

/** The object that knows which organisations have a machine of one name. */
export interface DirectoryStub {
  add(org: string): Promise<void>;
  orgs(): Promise<string[]>;
}

interface RateLimiter {
  limit(request: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** The object of one machine of one organisation: another organisation's machine of the same name is another object. */
export function machineStub(env: Env, org: string, machine: string): MachineStub {
  return env.MACHINES.get(env.MACHINES.idFromName(JSON.stringify([org, machine])));
}

export function directoryStub(env: Env, machine: string): DirectoryStub {
  return env.MACHINE_DIRECTORY.get(env.MACHINE_DIRECTORY.idFromName(machine));
}

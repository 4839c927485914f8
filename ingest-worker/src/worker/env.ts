import type { AppendOutcome, AppendRequest } from "./machine/append.ts";
import type { MachineView, PositionAnswer } from "./machine/machine.ts";
import type { PointBinding } from "./machine/outbox.ts";
import type { RefusalOf } from "./refusal.ts";
import { directoryCount } from "./limits.ts";

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
  /** Counts the dashboard's queries across isolates, where it is bound. */
  readonly QUERY_RATE_LIMIT?: RateLimiter;
  /** The page's files, where they are deployed. */
  readonly ASSETS?: { fetch(request: Request): Promise<Response> };
  /** The account whose dataset the dashboard reads; view-settings.ts reads this and the two below. */
  readonly CLOUDFLARE_ACCOUNT_ID?: string;
  /** A token that may read the account's analytics, a secret. */
  readonly ANALYTICS_API_TOKEN?: string;
  /** Another address of Cloudflare's API. */
  readonly ANALYTICS_API_URL?: string;
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

/** An object that knows which organisations have machines of which names. */
export interface DirectoryStub {
  add(machine: string, org: string): Promise<void>;
  orgs(machine: string): Promise<string[]>;
}

interface RateLimiter {
  limit(request: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** The object of one machine of one organisation: another organisation's machine of the same name is another object. */
export function machineStub(env: Env, org: string, machine: string): MachineStub {
  return env.MACHINES.get(env.MACHINES.idFromName(JSON.stringify([org, machine])));
}

/** The object that knows who has a machine of this name. It is shared by many names: one each would double a fleet's objects. */
export function directoryStub(env: Env, machine: string): DirectoryStub {
  const name = `directory-${shareOf(machine, directoryCount)}`;
  return env.MACHINE_DIRECTORY.get(env.MACHINE_DIRECTORY.idFromName(name));
}

/** An even share of 0 to `count` - 1 for a text, the same for ever (FNV-1a, 32 bits). */
function shareOf(text: string, count: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % count;
}

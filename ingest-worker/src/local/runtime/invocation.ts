import type { AsyncLocalStorage } from "node:async_hooks";

/**
 * What one invocation has used: a call of a handler of the Worker (`fetch`, `scheduled`…) or of an
 * object's method (`fetch`, `alarm`, or one called through a stub). Analytics Engine allows a number
 * of points for each.
 */
export interface Invocation {
  points: number;
}

// The binding runs in the Worker's isolate, but with modules of its own and without Node's: a global
// is all they share.
const key = Symbol.for("pidnap-ingest.invocation");
const scope = globalThis as { [key]?: AsyncLocalStorage<Invocation> };

/** Lets the binding see what the entry module knows. */
export function shareInvocations(invocations: AsyncLocalStorage<Invocation>): void {
  scope[key] = invocations;
}

/** The invocation that the current call belongs to, if it belongs to one. */
export function currentInvocation(): Invocation | undefined {
  return scope[key]?.getStore();
}

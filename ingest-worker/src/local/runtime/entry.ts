import { AsyncLocalStorage } from "node:async_hooks";
import { currentInvocation, shareInvocations, type Invocation } from "./invocation.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type AnyClass = abstract new (...args: never[]) => object;

const invocations = new AsyncLocalStorage<Invocation>();
shareInvocations(invocations);

/**
 * The Worker's default export, each handler begun as an invocation of its own. The Worker's code is
 * not touched: the local runtime exports this in its place.
 */
export function countHandlers<Handlers extends object>(handlers: Handlers): Handlers {
  if (typeof handlers === "function") {
    return countMethods(handlers as unknown as AnyClass) as unknown as Handlers;
  }
  const counted: Record<string, unknown> = {};
  for (const [name, handler] of Object.entries(handlers)) {
    counted[name] =
      typeof handler === "function"
        ? (...args: unknown[]) => begin(() => (handler as AnyFunction).apply(handlers, args))
        : handler;
  }
  return counted as Handlers;
}

/** A class of objects or entrypoints, each call from outside begun as an invocation of its own. */
export function countMethods<Class extends AnyClass>(Base: Class): Class {
  const Counted = class extends (Base as unknown as new (...args: unknown[]) => object) {};
  const seen = new Set(["constructor"]);
  for (let prototype: object | null = Base.prototype; hasMethods(prototype);) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const method: unknown = descriptor.value;
      if (seen.has(name) || typeof method !== "function") continue;
      seen.add(name);
      Object.defineProperty(Counted.prototype, name, {
        ...descriptor,
        value(this: unknown, ...args: unknown[]) {
          const call = () => (method as AnyFunction).apply(this, args);
          // A method that calls another of its own object is still the same invocation.
          return currentInvocation() === undefined ? begin(call) : call();
        },
      });
    }
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return Counted as unknown as Class;
}

function hasMethods(prototype: object | null): prototype is object {
  return prototype !== null && prototype !== Object.prototype;
}

function begin<T>(work: () => T): T {
  return invocations.run({ points: 0 }, work);
}

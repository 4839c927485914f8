import { describe, expect, it } from "vitest";
import { countHandlers, countMethods } from "./entry.ts";
import { currentInvocation } from "./invocation.ts";

/** Counts one point where it is called, as a write does, and gives the count. */
function spend(): number {
  const invocation = currentInvocation();
  if (invocation === undefined) return -1;
  invocation.points += 1;
  return invocation.points;
}

describe("an invocation", () => {
  it("begins with each call of a handler, and lasts through what that waits for", async () => {
    const worker = countHandlers({
      name: "kept",
      async fetch(more: number) {
        const counts = [spend()];
        await Promise.resolve();
        for (let at = 0; at < more; at += 1) counts.push(spend());
        return counts;
      },
    });
    expect(await Promise.all([worker.fetch(2), worker.fetch(1)])).toEqual([
      [1, 2, 3],
      [1, 2],
    ]);
    expect(worker.name).toBe("kept");
    expect(spend()).toBe(-1);
  });

  it("begins with each call of an object's method from outside, not with its own calls", () => {
    class Base {
      #secret = 10;
      inherited() {
        return [spend(), this.#secret];
      }
      overridden() {
        return 0;
      }
    }
    class Machine extends Base {
      get size() {
        return 5;
      }
      twice() {
        return [spend(), ...this.inherited()];
      }
      override overridden() {
        return spend();
      }
    }
    const object = new (countMethods(Machine))();
    expect(object.twice()).toEqual([1, 2, 10]);
    expect(object.inherited()).toEqual([1, 10]);
    expect(object.overridden()).toBe(1);
    expect(object.size).toBe(5);
    expect(object).toBeInstanceOf(Machine);
  });
});

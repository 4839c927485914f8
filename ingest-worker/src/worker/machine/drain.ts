import { give } from "./outbox.ts";
import type { PointBudget } from "./outbox.ts";
import type { MachineWorld } from "./world.ts";

/**
 * Gives owed points, the oldest first, as far as the budget goes. A chunk is settled after its points
 * are given: a kill in between gives them again, and none is lost.
 *
 * @throws what a local binding's promise rejects with; the chunk then stays owed
 */
export async function drainOwed(
  budget: PointBudget,
  { store, points }: MachineWorld,
): Promise<void> {
  let chunk = store.owedAfter(0);
  while (chunk !== undefined && budget.left > 0) {
    const { rest, stored } = give(points, chunk.points, budget);
    if (stored !== undefined) await stored;
    store.settle(chunk, rest);
    chunk = store.owedAfter(chunk.id);
  }
}

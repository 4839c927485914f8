import { expect, test } from "vitest";
import { FakeRig } from "../test/support/fake-rig.ts";
import { journalId, linesOf } from "../test/support/journal-files.ts";
import { initialShipState } from "./core/ship-state.ts";
import { Supply } from "./supply.ts";
import type { ShipperFs, World } from "./world.ts";

test("a new beginning while the disk is read ahead finds the lines from there on, and all of them", async () => {
  for (const turns of [0, 1, 2, 3, 5, 8, 13]) {
    const { supply, moveTo } = createSupply();
    await supply.seek();
    const ahead = supply.readAhead();
    await turnsOf(turns);
    moveTo(35);
    await supply.seek();
    const batch = await supply.next();
    expect(batch).toMatchObject({ first: 35, end: 39, lost: [] });
    await ahead;
    await supply.close();
  }
});

test("nothing is read and no file is open once it is closed, though it was reading ahead", async () => {
  for (const turns of [0, 1, 2, 3, 5, 8]) {
    const { supply, open } = createSupply();
    await supply.seek();
    const ahead = supply.readAhead();
    await turnsOf(turns);
    await supply.close();
    await ahead;
    await turnsOf(20);
    expect(open()).toBe(0);
  }
});

/** A supply over eight segments of ten lines, and batches of four, from a disk that takes its time. */
function createSupply() {
  const rig = new FakeRig();
  for (let first = 1; first <= 71; first += 10) rig.write(first, linesOf(first, first + 9));
  let open = 0;
  const { fs } = rig.world;
  const slow: ShipperFs = {
    readdir: async (path) => turnsOf(2).then(() => fs.readdir(path)),
    stat: async (path) => turnsOf(2).then(() => fs.stat(path)),
    readFile: (path) => fs.readFile(path),
    mkdir: (...args) => fs.mkdir(...args),
    rename: (...args) => fs.rename(...args),
    open: async (...args) => {
      await turnsOf(2);
      const file = await fs.open(...args);
      open += 1;
      return {
        read: async (...place) => turnsOf(1).then(() => file.read(...place)),
        write: (...place) => file.write(...place),
        stat: async () => turnsOf(1).then(() => file.stat()),
        sync: () => file.sync(),
        close: async () => {
          open -= 1;
          await file.close();
        },
      };
    },
  };
  const { clock, log, gzip, random } = rig.world;
  const { request, watch } = rig.world;
  const world: World = { clock, log, gzip, random, request, watch, fs: slow };
  const limits = { maxEvents: 4, maxBytes: 1_000_000 };
  let state = initialShipState(1, 1, 1, limits);
  const supply = new Supply({
    world,
    dir: "/journal",
    journal: journalId,
    once: true,
    state: () => state,
    onCorrupt: () => undefined,
  });
  const moveTo = (from: number): void => {
    state = initialShipState(from, from, 1, limits);
  };
  return { supply, moveTo, open: () => open };
}

/** So many turns of the event loop. */
async function turnsOf(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

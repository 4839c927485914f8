import { expect, test } from "vitest";
import { FakeRig } from "./support/fake-rig.ts";
import { lineAt, openedAt, transitionAt } from "./support/journal-files.ts";

/** Lines of more than a megabyte, which is more than one batch may have. */
function manyLines(through: number): string[] {
  return Array.from({ length: through - 1 }, (_, index) => lineAt(index + 2));
}

test.each([250, 5000])(
  "a shipper that begins behind a segment larger than a batch ships what comes, %i events at once",
  async (maxEvents) => {
    const rig = new FakeRig();
    rig.world.limits = { maxEvents, maxBytes: 1024 * 1024 };
    const path = rig.write(1, [openedAt(1), ...manyLines(20_000)]);
    await rig.once({ maxEvents });
    expect(rig.journal.next).toBe(20_001);
    rig.start({ maxEvents });
    await rig.pass(5000);
    rig.append(path, transitionAt(20_001));
    await rig.pass(5000);
    expect(rig.journal.next).toBe(20_002);
    await rig.stopped();
  },
);

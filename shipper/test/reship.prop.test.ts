import fc from "fast-check";
import { segmentName } from "pidnap-journal";
import { expect, test } from "vitest";
import { lineAt, openedAt } from "./support/journal-files.ts";
import { ReshipRig } from "./support/reship-rig.ts";

/** However a journal is damaged and cut into files: sent again, it folds as it does when it is shipped. */
test("what is sent again folds as what is shipped", async () => {
  const line = fc.option(fc.constantFrom("garbage", "nul", "removed", "not-an-event"), {
    freq: 8,
    nil: undefined,
  });
  const segments = fc.array(fc.array(line, { minLength: 1, maxLength: 20 }), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(
      segments,
      fc.nat({ max: 1 }),
      fc.integer({ min: 1, max: 12 }),
      async (damages, gone, maxEvents) => {
        const shipped = new ReshipRig();
        const reshipped = new ReshipRig();
        for (const rig of [shipped, reshipped]) write(rig, damages, gone);
        const isJournal = (await shipped.world.fs.readdir("/journal")).length > 0;
        if (!isJournal || !holdsEvents(damages.slice(gone))) return;
        await shipped.once({ maxEvents });
        await reshipped.reship({ maxEvents });
        expect(lossesOf(reshipped)).toEqual(lossesOf(shipped));
        expect(reshipped.journal.next).toBe(shipped.journal.next);
        expect([...reshipped.journal.folded]).toEqual([...shipped.journal.folded]);
      },
    ),
    { numRuns: 150 },
  );
});

function holdsEvents(segments: readonly (readonly (string | undefined)[])[]): boolean {
  // The first line of a segment says whose it is.
  return segments.length > 0 && segments.every(([first]) => first === undefined);
}

function write(
  rig: ReshipRig,
  segments: readonly (readonly (string | undefined)[])[],
  gone: number,
): void {
  let seq = 1;
  for (const [index, damages] of segments.entries()) {
    const firstSeq = seq;
    const lines: string[] = [];
    for (const damage of damages) {
      const whole = seq === firstSeq ? openedAt(seq) : lineAt(seq);
      if (damage === undefined) lines.push(whole);
      else if (damage === "garbage") lines.push(whole.slice(0, 30));
      else if (damage === "nul") lines.push("\0".repeat(whole.length));
      else if (damage === "not-an-event") lines.push("{}");
      seq += 1;
    }
    const text = lines.map((line) => `${line}\n`).join("");
    if (index >= gone) rig.world.disk.writeFileSync(`/journal/${segmentName(firstSeq)}`, text);
  }
}

function lossesOf(rig: ReshipRig): unknown[] {
  return rig.journal.losses.map(({ from, through, reason, line }) => [from, through, reason, line]);
}

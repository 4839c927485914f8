import { describe, expect, it } from "vitest";
import { goes, line, lost, sample, samples } from "../../../test/_lines.ts";
import { admit } from "./admit.ts";
import type { Position, Witness } from "./admit.ts";
import { parseLines } from "./parse-lines.ts";

const noWitness: Witness = { previousLine: undefined, hashAtLast: undefined };

function admitted(position: Partial<Position>, lines: readonly object[], witness = noWitness) {
  const body = new TextEncoder().encode(lines.map((each) => JSON.stringify(each)).join("\n"));
  const parsed = parseLines(body, 250);
  if (parsed.kind !== "lines") throw new Error(parsed.kind);
  const admission = admit({ next: 1, last: null, ...position }, parsed.lines, witness);
  if (admission.kind !== "admitted") return admission;
  const { events, lastLine, ...rest } = admission;
  return { ...rest, seqs: events.map(({ seq }) => Number(seq)), last: lastLine?.seq };
}

describe("a batch", () => {
  it("that goes on from the position is admitted whole", () => {
    expect(admitted({ next: 4 }, samples(4, 6))).toEqual({
      kind: "admitted",
      seqs: [4, 5, 6],
      duplicates: 0,
      next: 7,
      last: 6,
    });
  });

  it("that begins below it is admitted from the position on", () => {
    expect(admitted({ next: 4 }, samples(2, 5))).toMatchObject({ seqs: [4, 5], duplicates: 2 });
  });

  it("of nothing but duplicates changes nothing", () => {
    expect(admitted({ next: 9 }, samples(2, 5))).toMatchObject({
      seqs: [],
      duplicates: 4,
      next: 9,
    });
  });

  it("is not looked at below the position: that was answered for", () => {
    const broken = sample(2, { cpuPercent: "much" });
    expect(admitted({ next: 3 }, [broken, sample(3)])).toMatchObject({ seqs: [3], duplicates: 1 });
  });

  it("past the position is told where to go on", () => {
    expect(admitted({ next: 4 }, samples(5, 6))).toEqual({ kind: "gap", expected: 4 });
  });

  it("with a hole, a repetition or a step back in itself is refused", () => {
    for (const seqs of [
      [1, 3],
      [1, 1],
      [2, 1],
    ]) {
      const lines = seqs.map((seq) => sample(seq));
      expect(admitted({}, lines)).toMatchObject({
        kind: "not-gapless",
        rejected: [{ seq: seqs[1] }],
      });
    }
  });

  it("with invalid events is refused, and every one of them named", () => {
    const lines = [sample(1, { cpuPercent: 101 }), sample(2), line(3, "machine.booted", {})];
    expect(admitted({}, lines)).toMatchObject({
      kind: "invalid-events",
      rejected: [
        { seq: 1, reason: expect.stringContaining("cpuPercent") as string },
        { seq: 3, reason: expect.stringContaining("entrypointAt") as string },
      ],
    });
  });

  it("with a type nobody knows is admitted", () => {
    expect(admitted({}, [line(1, "machine.dreamt", { of: ["sheep"] })])).toMatchObject({
      seqs: [1],
    });
  });
});

describe("one event", () => {
  it.each([
    ["of another format version", { v: 2 }, "other-version"],
    ["without a version", { v: undefined }, "not-an-event"],
    ["with a number out of range", { cpuPercent: 1e308 }, "cpuPercent"],
    ["longer than a line may be", { padding: "x".repeat(65_536) }, "too-long"],
    ["nested too deep", { a: JSON.parse("[".repeat(40) + "]".repeat(40)) as unknown }, "too-deep"],
  ])("%s is rejected", (_, fields, reason) => {
    expect(admitted({}, [sample(1, fields)])).toMatchObject({
      kind: "invalid-events",
      rejected: [{ seq: 1, reason: expect.stringContaining(reason) as string }],
    });
  });

  it("at a position after which there is none is rejected", () => {
    const last = Number.MAX_SAFE_INTEGER;
    expect(admitted({ next: last }, [sample(last)])).toMatchObject({ kind: "invalid-events" });
    expect(admitted({}, [lost(1, last)])).toMatchObject({ kind: "invalid-events" });
  });
});

describe("a loss", () => {
  it("takes its range of positions, and leaves no line to know the end by", () => {
    expect(admitted({}, [sample(1), lost(2, 9)])).toMatchObject({ next: 10, last: undefined });
    expect(admitted({}, [lost(1, 9), sample(10)])).toMatchObject({ next: 11, last: 10 });
  });

  it("that begins below the position is folded from the position on", () => {
    expect(admitted({ next: 5 }, [lost(3, 8), sample(9)])).toMatchObject({
      seqs: [5, 9],
      duplicates: 0,
      next: 10,
    });
  });

  it("that ends below the position is a duplicate", () => {
    expect(admitted({ next: 9 }, [lost(3, 8), sample(9)])).toMatchObject({ duplicates: 1 });
  });

  it("that ends before it begins is an invalid event", () => {
    expect(admitted({ next: 3 }, [lost(3, 2)])).toMatchObject({ kind: "invalid-events" });
  });
});

describe("a fork", () => {
  const last = { seq: 4, hash: "a".repeat(32) };
  const other = "b".repeat(32);

  it("shows where the line before the batch is another one than the server's last", () => {
    const witness = { ...noWitness, previousLine: { seq: 4, hash: other } };
    expect(admitted({ next: 5, last }, samples(5, 6), witness)).toEqual({ kind: "fork" });
  });

  it("shows where the batch itself has another line there", () => {
    const witness = { ...noWitness, hashAtLast: other };
    expect(admitted({ next: 5, last }, samples(3, 6), witness)).toEqual({ kind: "fork" });
  });

  it("is none where the lines are the same, or cannot be compared", () => {
    const same = { previousLine: { seq: 4, hash: last.hash }, hashAtLast: last.hash };
    expect(admitted({ next: 5, last }, samples(5, 6), same)).toMatchObject({ kind: "admitted" });
    const elsewhere = { ...noWitness, previousLine: { seq: 2, hash: other } };
    expect(admitted({ next: 5, last }, samples(3, 6), elsewhere)).toMatchObject({
      kind: "admitted",
    });
    expect(admitted({ next: 5, last: null }, [goes(5, "web", "idle", "running")])).toMatchObject({
      kind: "admitted",
    });
  });
});

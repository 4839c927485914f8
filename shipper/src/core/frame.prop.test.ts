import fc from "fast-check";
import { expect, test } from "vitest";
import { frame, lineOfRun, type Framed } from "./frame.ts";
import { parseLine } from "./line-head.ts";

const encoder = new TextEncoder();

const event = fc
  .record({
    seq: fc.integer({ min: 1, max: 40 }),
    type: fc.constantFrom("resources.sampled", "x.y"),
    text: fc.string({ unit: "grapheme", maxLength: 20 }),
    canonical: fc.boolean(),
  })
  .map(({ seq, type, text, canonical }) => {
    const head = { v: 1, seq, at: 1.5, mono: 2, boot: "b", type };
    return encoder.encode(
      JSON.stringify(
        canonical ? { ...head, text } : { text, type, boot: "b", mono: 2, at: 1.5, seq, v: 1 },
      ),
    );
  });
const rubbish = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .constantFrom(
      "",
      "{}",
      "[]",
      "null",
      '{"v":1,"seq":5,"at":17',
      '{"v":2,"seq":1}',
      '{"v":1,"seq":0,"at":1,"mono":1,"boot":"b","type":"t"}',
      '{"v":1,"seq":1e3}',
      "\0\0\0\0",
    )
    .map((text) => encoder.encode(text)),
);
const journal = fc
  .array(fc.oneof({ weight: 3, arbitrary: event }, { weight: 1, arbitrary: rubbish }), {
    maxLength: 30,
  })
  .chain((lines) => fc.record({ lines: fc.constant(lines), ended: fc.boolean() }))
  .map(({ lines, ended }) => {
    const bytes = lines.flatMap((line, index) => [
      ...line,
      ...(ended || index < lines.length - 1 ? [10] : []),
    ]);
    return Uint8Array.from(bytes);
  });

test("whatever pieces a journal is read in, the same lines are found", () => {
  fc.assert(
    fc.property(
      journal,
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
      fc.boolean(),
      (bytes, cuts, thorough) => {
        expect(seqsAndFaults(inPieces(bytes, cuts, thorough))).toEqual(
          seqsAndFaults(inPieces(bytes, [bytes.length + 1], thorough)),
        );
      },
    ),
  );
});

test("with every line parsed, exactly the lines that parse are found, with their bytes", () => {
  fc.assert(
    fc.property(journal, (bytes) => {
      const expected = linesOf(bytes).filter((line) => parseLine(line).kind === "line");
      const found = inPieces(bytes, [bytes.length + 1], true).flatMap((item) =>
        item.kind === "run" ? [...item.ends.keys()].map((index) => lineOfRun(item, index)) : [],
      );
      expect(found.map((line) => [...line])).toEqual(expected.map((line) => [...line]));
    }),
  );
});

test("a head that is taken at its word is the head that parsing finds, or the line is no JSON", () => {
  fc.assert(
    fc.property(journal, (bytes) => {
      for (const line of linesOf(bytes)) {
        const whole = Uint8Array.from([...line, 10]);
        const [quick] = frame(whole, { thorough: false, skipping: false }).items;
        const parsed = parseLine(line);
        const wanted = parsed.kind === "line" ? parsed.head.seq : seqOf(quick);
        expect(seqOf(quick)).toBe(wanted);
      }
    }),
  );
});

test("a line of 65,536 bytes with its end is a line, one byte more is corrupt, in one piece and in many", () => {
  for (const [length, kind] of [
    [65_535, "run"],
    [65_536, "corrupt"],
  ] as const) {
    const head = '{"v":1,"seq":7,"at":1,"mono":1,"boot":"b","type":"t","text":"';
    const line = `${head}${"x".repeat(length - head.length - 2)}"}`;
    const next = '{"v":1,"seq":8,"at":1,"mono":1,"boot":"b","type":"t"}';
    const bytes = encoder.encode(`${line}\n${next}\n`);
    for (const cut of [bytes.length, 1000, 60_000]) {
      const found = inPieces(bytes, [cut], false);
      expect(found[0]?.kind).toBe(kind);
      expect(seqsAndFaults(found).at(-1)).toBe(8);
    }
  }
});

/** What a reader does: each piece is framed behind the rest of the one before. */
function inPieces(bytes: Uint8Array, cuts: readonly number[], thorough: boolean): Framed[] {
  const items: Framed[] = [];
  let rest = new Uint8Array(0);
  let skipping = false;
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = cuts[turn % cuts.length] ?? 1;
    const piece = Uint8Array.from([...rest, ...bytes.subarray(at, at + length)]);
    const framed = frame(piece, { thorough, skipping });
    items.push(...framed.items);
    rest = piece.slice(framed.restAt);
    skipping = framed.skipping;
    at += length;
  }
  return items;
}

function seqsAndFaults(items: readonly Framed[]): (number | string)[] {
  return items.flatMap((item): (number | string)[] => {
    if (item.kind === "run") return [...item.ends.keys()].map((index) => item.firstSeq + index);
    return [item.kind === "corrupt" ? item.reason : item.kind];
  });
}

function seqOf(item: Framed | undefined): number | undefined {
  return item?.kind === "run" ? item.firstSeq : undefined;
}

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

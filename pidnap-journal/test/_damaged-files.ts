import fc from "fast-check";
import { journalArbitrary, type GeneratedEvent } from "pidnap-fixtures/arbitraries/journal";

/** What is done to one line, or behind it. */
const harm = fc.oneof(
  { weight: 30, arbitrary: fc.constant({ kind: "none" } as const) },
  { weight: 4, arbitrary: fc.constant({ kind: "rotation" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "missing" } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: "nul" } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("torn" as const), bytes: fc.nat(80) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("garbage" as const),
      bytes: fc.uint8Array({ maxLength: 80 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("again" as const), back: fc.nat(30) }) },
  // A segment that calls itself as if it began earlier or later than it does.
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("misnamed" as const),
      by: fc.integer({ min: -2, max: 2 }),
    }),
  },
);
type Harm = typeof harm extends fc.Arbitrary<infer One> ? One : never;

/** The files of a journal that much has happened to: name -> bytes. */
export const damagedFiles: fc.Arbitrary<ReadonlyMap<string, Buffer>> = fc
  .record({
    events: journalArbitrary({ crowds: false }),
    harms: fc.array(harm, { minLength: 1, maxLength: 200 }),
    isSound: fc.boolean(),
    expired: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(3)),
    cutBytes: fc.oneof(fc.constant(0), fc.nat(200)),
  })
  .map(({ cutBytes, events, expired, harms, isSound }) => {
    const done = isSound ? harms.map((one) => (one.kind === "rotation" ? one : none)) : harms;
    const files = [...written(events, done)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    // Retention takes the oldest ones, but never the newest.
    const kept = files.slice(Math.min(expired, files.length - 1));
    const [name = "", bytes = Buffer.alloc(0)] = kept.at(-1) ?? [];
    const cut = isSound ? bytes : bytes.subarray(0, Math.max(0, bytes.length - cutBytes));
    return new Map([...kept, [name, cut], ["journal-1.ndjson", bytes], ["notes.txt", bytes]]);
  });

const none: Harm = { kind: "none" };

function written(
  events: readonly GeneratedEvent[],
  harms: readonly Harm[],
): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  let name = nameOf(events[0]?.seq ?? 1);
  const put = (...pieces: readonly (string | Uint8Array)[]): void => {
    const all = pieces.map((piece) => Buffer.from(piece));
    files.set(name, Buffer.concat([files.get(name) ?? Buffer.alloc(0), ...all]));
  };
  for (const [index, event] of events.entries()) {
    const one = harms[index % harms.length] ?? none;
    const line = JSON.stringify(event);
    switch (one.kind) {
      case "rotation":
        name = nameOf(event.seq);
        put(line, "\n");
        break;
      case "misnamed":
        name = nameOf(Math.max(1, event.seq + one.by));
        put(line, "\n");
        break;
      case "missing":
        break;
      case "nul":
        put(Buffer.alloc(line.length), "\n");
        break;
      case "torn":
        put(Buffer.from(line).subarray(0, Math.min(one.bytes, line.length - 1)), "\n");
        break;
      case "garbage":
        put("#", one.bytes, "\n", line, "\n");
        break;
      case "again":
        put(line, "\n", JSON.stringify(events[Math.max(0, index - one.back)]), "\n");
        break;
      case "none":
        put(line, "\n");
    }
  }
  if (files.size === 0) put("");
  return files;
}

const nameOf = (seq: number): string => `journal-${String(seq).padStart(16, "0")}.ndjson`;

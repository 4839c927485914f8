/** A second reader, for tests alone: it shares no code with the first, and holds everything in memory. */

/** A line that counts, as it was parsed. */
export type NaiveEvent = {
  readonly seq: number;
  readonly at: number;
  readonly mono: number;
  readonly boot: string;
  readonly type: string;
} & Readonly<Record<string, unknown>>;

/** What stands in a segment. */
interface NaiveSegment {
  readonly segment: string;
  readonly bytes: number;
  readonly events: readonly NaiveEvent[];
  /** Offsets of what is no event. */
  readonly corrupt: readonly number[];
}

/** What a journal's files hold. */
export interface NaiveJournal {
  readonly segments: readonly NaiveSegment[];
  readonly events: readonly NaiveEvent[];
  /** The same with every gap declared, as a shipper would send it. */
  readonly wire: readonly NaiveEvent[];
  /** `segment:offset` of the first thing behind each gap: an event, or a segment's beginning. */
  readonly gaps: readonly string[];
}

export function readNaively(files: ReadonlyMap<string, Buffer>): NaiveJournal {
  const names = [...files.keys()]
    .filter((name) => /^journal-\d{16}\.ndjson$/.test(name))
    .toSorted();
  const segments: NaiveSegment[] = [];
  const gaps: string[] = [];
  const wire: NaiveEvent[] = [];
  let next = 0;
  for (const [index, segment] of names.entries()) {
    const first = Number(segment.slice(8, 24));
    const limit = Number(names[index + 1]?.slice(8, 24) ?? Infinity);
    if (next > 0 && first > next) gaps.push(`${segment}:0`);
    next = Math.max(next, first);
    const bytes = files.get(segment) ?? Buffer.alloc(0);
    const events: NaiveEvent[] = [];
    const corrupt: number[] = [];
    let offset = 0;
    const pieces = bytes.toString("latin1").split("\n");
    for (const [number, piece] of pieces.entries()) {
      const isLast = number === pieces.length - 1;
      const event = isLast ? undefined : parsed(bytes.subarray(offset, offset + piece.length));
      if (event !== undefined && event.seq >= next && event.seq < limit) {
        if (event.seq > next) gaps.push(`${segment}:${offset}`);
        declare(wire, event);
        events.push(event);
        next = Number(event["through"] ?? event.seq) + 1;
      } else if (!isLast || (piece !== "" && limit < Infinity)) {
        corrupt.push(offset);
      }
      offset += piece.length + 1;
    }
    segments.push({ segment, bytes: bytes.length, events, corrupt });
  }
  return { segments, events: segments.flatMap(({ events }) => events), wire, gaps };
}

function parsed(bytes: Buffer): NaiveEvent | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const value = JSON.parse(text) as NaiveEvent;
    return typeof value === "object" && "seq" in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function declare(wire: NaiveEvent[], event: NaiveEvent): void {
  const before = wire.at(-1);
  const seq = before === undefined ? 1 : Number(before["through"] ?? before.seq) + 1;
  if (event.seq > seq) {
    const { at, boot, mono } = before ?? event;
    const reason = before === undefined ? "expired" : "corrupt";
    const through = event.seq - 1;
    wire.push({ seq, at, mono, boot, type: "events.lost", through, reason });
  }
  wire.push(event);
}

import type { RefusalOf } from "../refusal.ts";

/** One line of a batch: JSON with a position, not yet known to be an event. */
export interface Line {
  /** As sent, without `\n`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly json: object;
  readonly seq: number;
  /** The last position it stands for: `through` of an `events.lost`, else its own. */
  readonly end: number;
  readonly isLoss: boolean;
}

export type ParsedLines =
  | { readonly kind: "lines"; readonly lines: readonly [Line, ...Line[]] }
  | RefusalOf<"not-ndjson">
  | { readonly kind: "too-many" };

/** Splits a batch into lines. Only what has no usable position is refused here: the rest is answered by position. */
export function parseLines(body: Uint8Array<ArrayBuffer>, maxEvents: number): ParsedLines {
  const slices = split(body, maxEvents);
  if (slices === undefined) return { kind: "too-many" };
  const lines: Line[] = [];
  for (const bytes of slices) {
    const line = parseLine(bytes);
    if (typeof line === "string") {
      return { kind: "not-ndjson", line: lines.length + 1, reason: line };
    }
    lines.push(line);
  }
  const [first, ...rest] = lines;
  if (first === undefined)
    return { kind: "not-ndjson", line: 1, reason: "is missing: the body is empty" };
  return { kind: "lines", lines: [first, ...rest] };
}

const newline = 0x0a;

/** The last line counts without `\n` too: the body's length is what says that it is whole. */
function split(body: Uint8Array<ArrayBuffer>, max: number): Uint8Array<ArrayBuffer>[] | undefined {
  const slices: Uint8Array<ArrayBuffer>[] = [];
  let start = 0;
  while (start < body.length) {
    if (slices.length === max) return undefined;
    const found = body.indexOf(newline, start);
    const end = found === -1 ? body.length : found;
    slices.push(body.subarray(start, end));
    start = end + 1;
  }
  return slices;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function parseLine(bytes: Uint8Array<ArrayBuffer>): Line | string {
  let json: unknown;
  try {
    json = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    return error instanceof SyntaxError ? "is not JSON" : "is not UTF-8";
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return "is not a JSON object";
  }
  const { seq, type, through } = json as { seq?: unknown; type?: unknown; through?: unknown };
  if (!isPosition(seq)) return "has no usable seq";
  const isLoss = type === "events.lost";
  const end = isLoss && isPosition(through) && through >= seq ? through : seq;
  return { bytes, json, seq, end, isLoss };
}

function isPosition(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}

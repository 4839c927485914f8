import type { RefusalOf } from "../refusal.ts";

/** One line of a batch: JSON with a position, not yet known to be an event. */
export interface Line {
  /** As sent, without `\n`. */
  readonly text: string;
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
  const text = decode(body);
  if (text === undefined) {
    return { kind: "not-ndjson", line: lineOfBadBytes(body), reason: "is not UTF-8" };
  }
  // The last line counts without `\n` too: the body's length is what says that it is whole.
  const texts = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n", maxEvents + 1);
  if (texts.length > maxEvents) return { kind: "too-many" };
  const lines: Line[] = [];
  for (const each of texts) {
    const line = parseLine(each);
    if (typeof line === "string") {
      return { kind: "not-ndjson", line: lines.length + 1, reason: line };
    }
    lines.push(line);
  }
  const [first, ...rest] = lines;
  // Splitting gives at least one line.
  if (first === undefined) return { kind: "not-ndjson", line: 1, reason: "is missing" };
  return { kind: "lines", lines: [first, ...rest] };
}

/** Keeps a byte order mark, so that a text encodes to the bytes it came from. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    // A fatal decoder's only failure is the answer: these bytes are not UTF-8.
    return undefined;
  }
}

const newline = 0x0a;

function lineOfBadBytes(body: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < body.length; line += 1) {
    const found = body.indexOf(newline, start);
    const end = found === -1 ? body.length : found;
    if (decode(body.subarray(start, end)) === undefined) break;
    start = end + 1;
  }
  return line;
}

function parseLine(text: string): Line | string {
  const json = parseJson(text);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    if (json === undefined) return text === "" ? "is empty" : "is not JSON";
    return "is not a JSON object";
  }
  const { seq, type, through } = json as { seq?: unknown; type?: unknown; through?: unknown };
  if (!isPosition(seq)) return "has no usable seq";
  const isLoss = type === "events.lost";
  const end = isLoss && isPosition(through) && through >= seq ? through : seq;
  return { text, json, seq, end, isLoss };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse's only failure is the answer: this text is not JSON.
    return undefined;
  }
}

function isPosition(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}

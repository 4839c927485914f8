import { decodeValue, maxLineBytes, utf8Bytes } from "pidnap-journal/pure";
import type { JournalEvent } from "pidnap-journal/pure";
import { maxJsonDepth } from "../limits.ts";
import type { RefusalOf, RejectedLine } from "../refusal.ts";
import type { Line } from "./parse-lines.ts";

/** A line, told from every other one by its position and the hash of its bytes. */
export interface LineMark {
  readonly seq: number;
  /** First 32 hex digits of the SHA-256 of the line without `\n`. */
  readonly hash: string;
}

/** How far a journal is folded. */
export interface Position {
  readonly next: number;
  /** The last line folded; null before the first one and after an `events.lost`. */
  readonly last: LineMark | null;
}

/** What the sender says, and its lines show, of the line that the server folded last. */
export interface Witness {
  /** The line before the batch, where the sender named it. */
  readonly previousLine: LineMark | undefined;
  /** Hash of the batch's own line at `position.last.seq`, where it has one. */
  readonly hashAtLast: string | undefined;
}

export type Admission =
  | {
      readonly kind: "admitted";
      /** What is to be folded, in order. */
      readonly events: readonly JournalEvent[];
      readonly duplicates: number;
      readonly next: number;
      /** The batch's last line where it is one, undefined where it is an `events.lost`. */
      readonly lastLine: Line | undefined;
    }
  | RefusalOf<"not-gapless" | "fork" | "gap" | "invalid-events">;

/** Decides what of a batch is folded. Pure. */
export function admit(
  position: Position,
  lines: readonly [Line, ...Line[]],
  witness: Witness,
): Admission {
  const misplaced = findMisplaced(lines);
  if (misplaced.length > 0) return { kind: "not-gapless", rejected: misplaced };
  if (isFork(position, witness)) return { kind: "fork" };
  if (lines[0].seq > position.next) return { kind: "gap", expected: position.next };
  // What is below the position has been answered for: folded, or declared lost. It is not looked at again.
  const fresh = lines.filter((line) => line.end >= position.next);
  const rejected: RejectedLine[] = [];
  const events: JournalEvent[] = [];
  for (const line of fresh) {
    const decoded = decode(line);
    if ("reason" in decoded) rejected.push(decoded);
    else events.push(from(position.next, decoded.event));
  }
  if (rejected.length > 0) return { kind: "invalid-events", rejected };
  const last = lines.at(-1) ?? lines[0];
  return {
    kind: "admitted",
    events,
    duplicates: lines.length - fresh.length,
    next: Math.max(position.next, last.end + 1),
    lastLine: last.isLoss ? undefined : last,
  };
}

function findMisplaced(lines: readonly [Line, ...Line[]]): RejectedLine[] {
  const misplaced: RejectedLine[] = [];
  let expected = lines[0].seq;
  for (const { seq, end } of lines) {
    if (seq !== expected) misplaced.push({ seq, reason: `not-gapless: expected ${expected}` });
    expected = end + 1;
  }
  return misplaced;
}

function isFork({ last }: Position, { previousLine, hashAtLast }: Witness): boolean {
  if (last === null) return false;
  if (hashAtLast !== undefined && hashAtLast !== last.hash) return true;
  return previousLine?.seq === last.seq && previousLine.hash !== last.hash;
}

function decode(line: Line): { readonly event: JournalEvent } | RejectedLine {
  const { seq } = line;
  if (isTooLong(line.text)) return { seq, reason: "too-long" };
  if (!Number.isSafeInteger(line.end + 1)) return { seq, reason: "position out of range" };
  if (isDeep(line.json, maxJsonDepth)) return { seq, reason: "too-deep" };
  const decoded = decodeValue(line.json);
  switch (decoded.kind) {
    case "event":
      return { event: decoded.event };
    case "other-version":
      return { seq, reason: "other-version" };
    case "corrupt":
      return { seq, reason: `${decoded.reason}: ${decoded.detail}`.slice(0, 200) };
  }
}

/** A line's limit counts its `\n`. */
function isTooLong(text: string): boolean {
  return text.length * 3 >= maxLineBytes && utf8Bytes(text) >= maxLineBytes;
}

/** A loss that begins below the position stands for what is left of it. */
function from(next: number, event: JournalEvent): JournalEvent {
  return event.seq < next ? { ...event, seq: next as JournalEvent["seq"] } : event;
}

function isDeep(value: object, levels: number): boolean {
  // JSON has own fields alone.
  for (const key in value) {
    const inner = (value as Readonly<Record<string, unknown>>)[key];
    if (typeof inner !== "object" || inner === null) continue;
    if (levels === 1 || isDeep(inner, levels - 1)) return true;
  }
  return false;
}

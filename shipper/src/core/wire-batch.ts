import type { LossReason } from "pidnap-journal";
import type { Batch, JournalLine } from "./batch.ts";
import { besideOf, lossLine, type LostRange } from "./loss.ts";
import type { Limits } from "./ship-state.ts";
import type { WireLine } from "./wire-lines.ts";

export interface WireBatchRequest {
  /** Gapless, in order. */
  readonly lines: readonly WireLine[];
  /** The position the batch begins with. */
  readonly from: number;
  /** The last line before `lines`, where it is known. */
  readonly before: JournalLine | undefined;
  readonly limits: Limits;
  /** Positions that the server will not have. */
  readonly refused: ReadonlyMap<number, LossReason>;
}

/** Puts the next batch together from lines that are ready to be sent. Pure: the same request gives the same bytes. */
export function wireBatch(request: WireBatchRequest): Batch | undefined {
  const { lines, from, limits } = request;
  const firstIndex = lines.findIndex(({ end }) => end > from);
  const first = lines[firstIndex];
  if (first === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  const lost: LostRange[] = [];
  let bytes = 0;
  let index = firstIndex;
  let full = false;
  while (index < lines.length) {
    const next = nextPiece(request, index);
    const fits = pieces.length < limits.maxEvents && bytes + next.bytes.length <= limits.maxBytes;
    // A batch takes at least one line, however long.
    full = !fits && pieces.length > 0;
    if (full) break;
    pieces.push(next.bytes);
    bytes += next.bytes.length;
    if (next.lost !== undefined) lost.push(next.lost);
    index = next.through;
  }
  const last = lines[index - 1] ?? first;
  return {
    first: first.seq,
    end: last.end,
    events: pieces.length,
    bytes,
    pieces: [joined(pieces, bytes)],
    lost,
    before: firstIndex === 0 ? request.before : lineOf(lines[firstIndex - 1]),
    last: lineOf(last),
    full,
  };
}

/** What the server can compare with: a line, and nothing that stands for lost ones. */
export function lineOf(line: WireLine | undefined): JournalLine | undefined {
  if (line === undefined || line.lost !== undefined) return undefined;
  return { seq: line.seq, bytes: line.bytes.subarray(0, -1) };
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly lost: LostRange | undefined;
  /** Index of the line after it. */
  readonly through: number;
}

function nextPiece({ lines, refused }: WireBatchRequest, index: number): Piece {
  const line = lines[index];
  if (line === undefined) throw new RangeError(`there is no line ${index}`);
  const reason = line.lost === undefined ? refused.get(line.seq) : undefined;
  if (reason === undefined) return { bytes: line.bytes, lost: line.lost, through: index + 1 };
  let through = index + 1;
  const isRefused = (other: WireLine | undefined): boolean =>
    other !== undefined && other.lost === undefined && refused.get(other.seq) === reason;
  while (isRefused(lines[through])) through += 1;
  const last = lines[through - 1] ?? line;
  const range: LostRange = { from: line.seq, through: last.end - 1, reason };
  const beside = besideOf(reason, lines[index - 1]?.head, lines[through]?.head) ?? line.head;
  return { bytes: lossLine(range, beside), lost: range, through };
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

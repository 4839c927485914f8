import type { OwedEnd } from "./live-segment.ts";
import type { SegmentScan } from "./scan-segment.ts";

/** Where a segment left by a crash is gone on with. */
export interface MendedTail {
  /** The position of the next event. */
  readonly nextSeq: number;
  /** What has to be written before it. */
  readonly owedEnd: OwedEnd;
}

/**
 * Decides what becomes of a segment's end. A tail without `\n` that is the next event, whole, was
 * written and only not acknowledged: it counts. Any other is no event, and its position is free.
 *
 * @param promised the position that the segment's name gives to its first event
 */
export function mendTail({ lastSeq, tail }: SegmentScan, promised: number): MendedTail {
  const nextSeq = Math.max(promised, (lastSeq ?? 0) + 1);
  if (tail === null) return { nextSeq, owedEnd: "" };
  if (tail.seq === undefined) return { nextSeq, owedEnd: "\n" };
  // A whole event of another position must not become one that the next would then contradict.
  return tail.seq === nextSeq
    ? { nextSeq: nextSeq + 1, owedEnd: "\n" }
    : { nextSeq, owedEnd: "~\n" };
}

import { lossEvent, type LossReason } from "pidnap-journal";
import type { LineHead } from "./line-head.ts";

/** Positions that cannot be delivered, and why. */
export interface LostRange {
  readonly from: number;
  readonly through: number;
  readonly reason: LossReason;
}

const encoder = new TextEncoder();

/** The wire line, `\n` included, that stands for `range`; `beside` is the line whose clocks and boot it takes. */
export function lossLine(range: LostRange, beside: LineHead): Uint8Array {
  const event = lossEvent(range.from, range.through, range.reason, beside);
  return encoder.encode(`${JSON.stringify(event)}\n`);
}

/**
 * Whose clocks and boot a loss takes: the line before the gap, else the one after it. What expired
 * took the line before with it, since segments go oldest first; and what is foreign is of another
 * history than any line before it.
 */
export function besideOf(
  reason: LossReason,
  before: LineHead | undefined,
  after: LineHead | undefined,
): LineHead | undefined {
  switch (reason) {
    case "expired":
    case "foreign":
      return after;
    case "corrupt":
    case "rejected":
      return before ?? after;
  }
}

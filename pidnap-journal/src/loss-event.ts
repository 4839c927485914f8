import type { EventHead, EventOf, LossReason, Seq } from "./event.ts";

/**
 * The event that stands for positions which cannot be delivered.
 *
 * @param from first lost position, @param through the last one
 * @param beside the head of the line before the gap; of the line after it where there is none before
 *   or it is no longer on disk, and always for `foreign`
 */
export function lossEvent(
  from: number,
  through: number,
  reason: LossReason,
  beside: Pick<EventHead, "at" | "mono" | "boot">,
): EventOf<"events.lost"> {
  const { at, mono, boot } = beside;
  return {
    v: 1,
    seq: from as Seq,
    at,
    mono,
    boot,
    type: "events.lost",
    through: through as Seq,
    reason,
  };
}

import type { EventHead, JournalEvent } from "../event.ts";
import { lossEvent } from "../loss-event.ts";
import type { JournalEntry } from "./entry.ts";
import { lastPosition } from "./sequence.ts";

/** Knows the next position, and declares what is missing before an event. */
export interface LossDeclarer {
  /** The `events.lost` that belongs before `event`, where there is a gap, and the event. */
  (event: JournalEvent): readonly JournalEvent[];
}

/**
 * Makes gaps in the positions into `events.lost`, as a shipper declares them, so that a fold of what is
 * on the disk treats them as a fold of what was shipped. Positions before the first event are gone with
 * the journal's beginning (`expired`); any other gap is damage (`corrupt`). A corrupt line without a gap
 * behind it has cost nothing.
 *
 * @param from the position that the first event should have
 */
export function lossDeclarer(from = 1): LossDeclarer {
  let next = from;
  let before: EventHead | undefined;
  return (event) => {
    const gap = event.seq - next;
    const reason = before === undefined ? "expired" : "corrupt";
    const lost = gap > 0 ? [lossEvent(next, event.seq - 1, reason, before ?? event)] : [];
    next = lastPosition(event) + 1;
    before = event;
    return [...lost, event];
  };
}

/** The events among entries, with their losses declared. */
export async function* declareLosses(
  entries: AsyncIterable<JournalEntry>,
  from = 1,
): AsyncGenerator<JournalEvent, void, void> {
  const declare = lossDeclarer(from);
  for await (const entry of entries) {
    if (entry.kind === "event") yield* declare(entry.event);
  }
}

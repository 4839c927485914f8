import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { openFlags } from "../open-flags.ts";
import { decodeLine } from "../decode-line.ts";
import type { CorruptEntry, JournalEntry } from "../reader/entry.ts";
import { maxLineBytes } from "../limits.ts";
import { firstSeqOfSegment } from "../segment-name.ts";
import { entriesOf, existingJournal } from "./source.ts";

/** Entries given at once. */
const batchSize = 256;

/**
 * A journal's wanted entries from the newest to the oldest. What stays in memory of a segment is where
 * its entries lie; they are read again from there.
 */
export async function* newestFirst(
  dir: string,
  from: number,
  isWanted: (entry: JournalEntry) => boolean,
): AsyncGenerator<readonly JournalEntry[], void, void> {
  const { segments } = await existingJournal(dir);
  for (const segment of segments.toReversed()) {
    const first = firstSeqOfSegment(segment) ?? 1;
    const places = await placesIn(dir, segment, Math.max(first, from), isWanted);
    yield* readAgain(join(dir, segment), segment, places);
    if (first <= from) return;
  }
}

/** An event's byte offset, or a corrupt piece itself: of those there are few. */
type Place = number | CorruptEntry;

async function placesIn(
  dir: string,
  segment: string,
  from: number,
  isWanted: (entry: JournalEntry) => boolean,
): Promise<Place[]> {
  const places: Place[] = [];
  for await (const batch of entriesOf(dir, { from })) {
    for (const entry of batch) {
      // The reader goes on into the next segment, which was shown before.
      if (entry.segment > segment) return places;
      if (entry.segment !== segment || !isWanted(entry)) continue;
      places.push(entry.kind === "event" ? entry.offset : entry);
    }
  }
  return places;
}

function* readAgain(
  path: string,
  segment: string,
  places: Place[],
): Generator<readonly JournalEntry[], void, void> {
  if (places.length === 0) return;
  const file = openSync(path, openFlags.r);
  const buffer = Buffer.alloc(maxLineBytes);
  try {
    while (places.length > 0) {
      const batch = places.splice(-batchSize).toReversed();
      yield batch.flatMap((place) =>
        typeof place === "number" ? (eventAt(file, buffer, segment, place) ?? []) : place,
      );
    }
  } finally {
    closeSync(file);
  }
}

function eventAt(
  file: number,
  buffer: Buffer,
  segment: string,
  offset: number,
): JournalEntry | undefined {
  // Most lines are short: only for a long one is more read than a disk gives at once.
  for (const bytes of [1024, maxLineBytes]) {
    const length = readSync(file, buffer, 0, bytes, offset);
    const end = buffer.subarray(0, length).indexOf(0x0a);
    if (end === -1) continue;
    const decoded = decodeLine(buffer.subarray(0, end));
    return decoded.kind === "event"
      ? { kind: "event", event: decoded.event, segment, offset }
      : undefined;
  }
  return undefined;
}

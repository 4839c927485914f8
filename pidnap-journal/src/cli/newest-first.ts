import type { JournalEntry } from "../reader/entry.ts";
import { firstSeqOfSegment } from "../segment-name.ts";
import { entriesOf, existingJournal } from "./source.ts";

/**
 * A journal's wanted entries from the newest to the oldest, a segment's at a time: a segment is what
 * stays in memory.
 */
export async function* newestFirst(
  dir: string,
  from: number,
  isWanted: (entry: JournalEntry) => boolean,
): AsyncGenerator<readonly JournalEntry[], void, void> {
  const { segments } = await existingJournal(dir);
  for (const segment of segments.toReversed()) {
    const first = firstSeqOfSegment(segment) ?? 1;
    yield (await entriesOfSegment(dir, segment, Math.max(first, from), isWanted)).toReversed();
    if (first <= from) return;
  }
}

async function entriesOfSegment(
  dir: string,
  segment: string,
  from: number,
  isWanted: (entry: JournalEntry) => boolean,
): Promise<JournalEntry[]> {
  const wanted: JournalEntry[] = [];
  for await (const batch of entriesOf(dir, { from })) {
    for (const entry of batch) {
      // The reader goes on into the next segment, which was shown before.
      if (entry.segment > segment) return wanted;
      if (entry.segment === segment && isWanted(entry)) wanted.push(entry);
    }
  }
  return wanted;
}

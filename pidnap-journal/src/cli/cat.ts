import type { JournalEntry } from "../reader/entry.ts";
import { firstSeqOfSegment } from "../segment-name.ts";
import { bootsOf } from "./boots.ts";
import { createCorruptReport, type CorruptReport } from "./corrupt-report.ts";
import { readCursor, writeCursor } from "./cursor-file.ts";
import { chooseBoot, createFilter } from "./filter.ts";
import { createEventWriter, type EventWriter, type Format } from "./format.ts";
import { createOutput, type Output } from "./output.ts";
import { safeText } from "./safe-text.ts";
import { newestFirst } from "./newest-first.ts";
import { entriesOf, existingJournal } from "./source.ts";
import { interruption } from "./interruption.ts";
import { createTail } from "./tail.ts";

/** What `cat` and `tail` were asked for. */
export interface CatOptions {
  readonly output: Format;
  readonly utc: boolean;
  readonly follow: boolean;
  readonly reverse: boolean;
  /** The last so many events. */
  readonly lines?: number | undefined;
  readonly process?: readonly string[] | undefined;
  readonly type?: readonly string[] | undefined;
  readonly boot?: string | true | undefined;
  readonly from?: number | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly cursorFile?: string | undefined;
}

interface Showing {
  readonly dir: string;
  /** First position wanted. */
  readonly from: number;
  /** Position from which on the events that are asked for are looked for first. */
  readonly early: number;
  readonly options: CatOptions;
  readonly output: Output;
  readonly writer: EventWriter;
  readonly report: CorruptReport;
  readonly isWanted: (entry: JournalEntry) => boolean;
}

/** Shows events. */
export async function cat(named: string | undefined, options: CatOptions): Promise<void> {
  const showing = await prepare(named, options);
  const lastSeq = options.reverse ? await showReversed(showing) : await showForward(showing);
  showing.writer.end();
  await showing.output.flush();
  showing.report.end();
  if (options.cursorFile !== undefined && lastSeq > 0) {
    await writeCursor(options.cursorFile, lastSeq);
  }
}

async function prepare(named: string | undefined, options: CatOptions): Promise<Showing> {
  const { dir, segments } = await existingJournal(named, options.follow);
  const boot =
    options.boot === undefined ? undefined : chooseBoot(await bootsOf(dir), options.boot);
  const { process: processes, type: types, sinceMs, untilMs } = options;
  const matches = createFilter({ processes, types, boot, sinceMs, untilMs });
  const filtered = [processes, types, boot, sinceMs, untilMs].some((part) => part !== undefined);
  const output = createOutput(process.stdout);
  const cursor =
    options.cursorFile === undefined ? undefined : await readCursor(options.cursorFile);
  const wanted = Math.max(options.from ?? 1, (cursor ?? 0) + 1);
  // Without a filter nearly every position is an event: the last ones lie behind the newest name minus as many.
  const newest = firstSeqOfSegment(segments.at(-1) ?? "") ?? 1;
  const early = filtered || options.lines === undefined ? 1 : newest - options.lines;
  return {
    dir,
    options,
    output,
    from: wanted,
    early: Math.max(wanted, early),
    writer: createEventWriter(output, options.output, options.utc),
    report: createCorruptReport((text) => process.stderr.write(text)),
    isWanted: (entry) => entry.kind === "corrupt" || matches(entry.event),
  };
}

/** Events that are held until it is known that they are the last; more are looked for from the end. */
const heldMax = 10_000;

/** @returns the last position that was read */
async function showForward(showing: Showing): Promise<number> {
  const { early, from, options } = showing;
  const { lines } = options;
  if (lines !== undefined && lines > heldMax) {
    const start = await positionOfLast(showing, lines);
    return (await showFrom({ ...showing, from: start }, start, undefined)) ?? 0;
  }
  // Where positions are missing there may be fewer events than it seemed.
  const lastSeq = (await showFrom(showing, early, lines)) ?? (await showFrom(showing, from, lines));
  return lastSeq ?? 0;
}

/** The position of the event that has `count - 1` of those wanted behind it; where it is none, the first wanted. */
async function positionOfLast({ dir, from, isWanted }: Showing, count: number): Promise<number> {
  let left = count;
  for await (const entries of newestFirst(dir, from, isWanted)) {
    for (const entry of entries) {
      if (entry.kind === "event") left -= 1;
      if (entry.kind === "event" && left === 0) return entry.event.seq;
    }
  }
  return from;
}

/**
 * @param lines how many of the last events are shown; undefined for all
 * @returns the last position that was read; undefined, with nothing shown, where before `start` are more
 *   of those that are wanted
 */
async function showFrom(
  showing: Showing,
  start: number,
  lines: number | undefined,
): Promise<number | undefined> {
  const { dir, from, isWanted, options, output } = showing;
  const tail = createTail<JournalEntry>(lines);
  const { signal, dispose } = interruption(options.follow);
  let lastSeq = 0;
  const caughtUp = async (): Promise<void> => {
    for (const entry of tail.release()) await show(showing, entry);
    await output.flush();
    if (options.cursorFile !== undefined && lastSeq > 0) {
      await writeCursor(options.cursorFile, lastSeq);
    }
  };
  try {
    for await (const batch of entriesOf(dir, { from: start, follow: options.follow, signal })) {
      if (batch.length === 0 && tail.isShort && start > from) return undefined;
      for (const entry of batch) {
        if (entry.kind === "event") {
          if (entry.event.seq <= lastSeq) await tellReplaced(showing);
          lastSeq = entry.event.seq;
        }
        if (!isWanted(entry)) continue;
        if (tail.isHolding) tail.hold(entry, entry.kind === "event");
        else await show(showing, entry);
      }
      if (batch.length === 0) await caughtUp();
      else await output.flush();
    }
    if (tail.isShort && start > from) return undefined;
    await caughtUp();
  } finally {
    dispose();
  }
  return lastSeq;
}

/** Positions only go up, but in another journal. */
async function tellReplaced({ dir, output }: Showing): Promise<void> {
  await output.flush();
  process.stderr.write(
    `pidnap-journal: another journal is in ${safeText(dir)} now; here it begins\n`,
  );
}

async function showReversed(showing: Showing): Promise<number> {
  const { dir, from, isWanted, options, output } = showing;
  let left = options.lines ?? Number.POSITIVE_INFINITY;
  let lastSeq = 0;
  for await (const entries of newestFirst(dir, from, isWanted)) {
    for (const entry of entries) {
      if (left === 0) return lastSeq;
      if (entry.kind === "event") {
        lastSeq ||= entry.event.seq;
        left -= 1;
      }
      await show(showing, entry);
    }
    await output.flush();
  }
  return lastSeq;
}

async function show({ output, report, writer }: Showing, entry: JournalEntry): Promise<void> {
  if (entry.kind === "event") {
    writer.write(entry.event);
    return;
  }
  // Both go to one terminal: what came before must stand before.
  await output.flush();
  report.tell(entry);
}

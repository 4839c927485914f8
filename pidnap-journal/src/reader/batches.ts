import { join } from "node:path";
import { JournalNotFoundError, JournalVersionError } from "../errors.ts";
import { firstSeqOfSegment, segmentNames } from "../segment-name.ts";
import type { JournalEntry } from "./entry.ts";
import { createLineSplitter } from "./lines.ts";
import { createSequence, type Sequence } from "./sequence.ts";
import type { ChangeWatch, ReaderFile, ReaderFs, ReaderWorld } from "./world.ts";

/** What to read, and when to stop. */
export interface BatchOptions {
  /** First position wanted. Older segments are not opened. */
  readonly from: number;
  /** Whether to wait for more at the end. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** Bytes read at once. Larger ones do not read faster, and this much stays in memory. */
const chunkBytes = 64 * 1024;

interface Reading extends BatchOptions {
  readonly dir: string;
  readonly fs: ReaderFs;
  readonly watch: ChangeWatch | undefined;
  readonly sequence: Sequence;
  readonly buffer: Uint8Array;
}

/**
 * A journal's entries in order, a chunk's at a time: what is behind `readJournal`, without its cost of a
 * promise an event. A following reader gives an empty batch each time it has caught up. Follows across
 * rotation; a segment that retention deletes is read to its end, and the next one is the oldest there is.
 * Where another journal takes the directory meanwhile, a following reader goes on with that one's
 * beginning. The open file and the watch are closed however the iteration ends.
 *
 * @throws {JournalNotFoundError} where there is no directory, unless following
 * @throws {JournalVersionError} where a segment begins in another version
 */
export async function* journalBatches(
  world: ReaderWorld,
  dir: string,
  options: BatchOptions,
): AsyncGenerator<readonly JournalEntry[], void, void> {
  const { follow, from, signal } = options;
  const watch = follow ? world.watch(dir) : undefined;
  const buffer = new Uint8Array(chunkBytes);
  const base = { ...options, dir, fs: world.fs, watch, buffer };
  let reading: Reading = { ...base, sequence: createSequence(from) };
  try {
    let done = "";
    while (!signal.aborted) {
      const names = await listSegments(reading);
      const name =
        done === "" ? startingSegment(names, reading.from) : names.find((name) => name > done);
      // The newest segment is never deleted: where only older ones are left, they are another journal's.
      let isReplaced = name === undefined && done !== "" && names.length > 0;
      if (name === undefined && !isReplaced) {
        if (watch === undefined) return;
        yield [];
        await watch.next(signal);
        continue;
      }
      if (name !== undefined) isReplaced = yield* readSegment(reading, name, names);
      done = isReplaced ? "" : (name ?? "");
      if (isReplaced && watch === undefined) return;
      if (isReplaced) reading = { ...base, from: 1, sequence: createSequence(1) };
    }
  } finally {
    watch?.close();
  }
}

/** The segment that holds `from`, or the oldest there is. */
function startingSegment(names: readonly string[], from: number): string | undefined {
  return names.findLast((name) => (firstSeqOfSegment(name) ?? 1) <= from) ?? names[0];
}

async function listSegments(reading: Reading): Promise<string[]> {
  try {
    return segmentNames(await reading.fs.readdir(reading.dir));
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (reading.watch === undefined) throw new JournalNotFoundError(reading.dir, error);
    return [];
  }
}

/** @returns whether the segment's file is not this journal's any more, but another one's */
async function* readSegment(
  reading: Reading,
  name: string,
  names: readonly string[],
): AsyncGenerator<readonly JournalEntry[], boolean, void> {
  const { dir, sequence } = reading;
  const file = await openIfThere(reading.fs, join(dir, name));
  if (file === undefined) return false;
  try {
    const following = names.find((other) => other > name);
    const limit = following === undefined ? undefined : firstSeqOfSegment(following);
    sequence.begin(name, firstSeqOfSegment(name) ?? 1, limit ?? Number.POSITIVE_INFINITY);
    return yield* readLines(reading, name, file);
  } catch (error) {
    if (error instanceof JournalVersionError) {
      throw new JournalVersionError(join(dir, name), error.version);
    }
    throw error;
  } finally {
    await file.close();
  }
}

async function* readLines(
  reading: Reading,
  name: string,
  file: ReaderFile,
): AsyncGenerator<readonly JournalEntry[], boolean, void> {
  const { buffer, sequence, signal, watch } = reading;
  const splitter = createLineSplitter();
  let position = 0;
  let sealed = false;
  while (!signal.aborted) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead > 0) {
      position += bytesRead;
      const pieces = splitter.push(buffer.subarray(0, bytesRead));
      const entries = pieces.flatMap((piece) => sequence.read(piece) ?? []);
      if (entries.length > 0) yield entries;
      continue;
    }
    if (sealed) break;
    const names = await listSegments(reading);
    if (watch !== undefined && (await isReplaced(reading, name, file, names))) return true;
    // The writer may have added lines between our last read and the birth of the next segment, so a
    // segment is only at its end where a read after that still finds nothing.
    sealed = names.some((other) => other > name);
    if (sealed) continue;
    if (watch === undefined) return false;
    yield [];
    await watch.next(signal);
  }
  const rest = sealed && !signal.aborted ? splitter.rest() : undefined;
  const entry = rest === undefined ? undefined : sequence.skip(rest, "unterminated");
  if (entry !== undefined) yield [entry];
  return false;
}

/** Whether an open segment's place was taken: by another file of its name, or by older segments alone. */
async function isReplaced(
  { dir, fs }: Reading,
  name: string,
  file: ReaderFile,
  names: readonly string[],
): Promise<boolean> {
  if (names.length === 0) return false;
  if (!names.includes(name)) return names.every((other) => other < name);
  try {
    const [open, present] = await Promise.all([file.stat?.(), fs.stat?.(join(dir, name))]);
    // While a file is open, no other one gets its number.
    return open?.ino !== present?.ino;
  } catch (error) {
    // Gone since it was listed: the next look tells more.
    if (isMissing(error)) return false;
    throw error;
  }
}

async function openIfThere(fs: ReaderFs, path: string): Promise<ReaderFile | undefined> {
  try {
    return await fs.open(path, "r");
  } catch (error) {
    // Retention was faster: what it took shows as a gap.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === "ENOENT" || code === "ENOTDIR";
}

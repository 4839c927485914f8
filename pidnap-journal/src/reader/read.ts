import { JournalOptionError } from "../errors.ts";
import { journalBatches } from "./batches.ts";
import type { JournalEntry } from "./entry.ts";
import { nodeReaderWorld, type ReaderWorld } from "./world.ts";

/** How to read a journal. */
export interface ReadOptions {
  /** First position wanted, 1 where it is absent. Segments that end before it are not opened. */
  readonly from?: number | undefined;
  /** Wait for what comes, for a directory too that is not there yet. Ends only by `signal` or `break`. */
  readonly follow?: boolean | undefined;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads a journal in order, at rest or while it is written, without disturbing the writer and in memory
 * that does not grow. A corrupt line is an entry, never the end. What stands behind the newest segment's
 * last `\n` is not finished and not an entry.
 *
 * @throws {JournalNotFoundError} while iterating, where there is no directory and `follow` is off
 * @throws {JournalVersionError} while iterating, where a segment is of another version
 * @throws {JournalOptionError} at once, where `from` is not a position
 */
export function readJournal(
  dir: string,
  options: ReadOptions = {},
): AsyncIterableIterator<JournalEntry> {
  return readJournalIn(nodeReaderWorld, dir, options);
}

/** `readJournal` in a given world: another file system, another way to wait. */
export function readJournalIn(
  world: ReaderWorld,
  dir: string,
  options: ReadOptions = {},
): AsyncIterableIterator<JournalEntry> {
  const { from = 1, follow = false, signal } = options;
  if (!Number.isSafeInteger(from) || from < 1) {
    throw new JournalOptionError(
      `from is ${String(from)}, which is not a position in a journal.`,
      "Positions are whole numbers from 1 on.",
    );
  }
  const returned = new AbortController();
  const either =
    signal === undefined ? returned.signal : AbortSignal.any([signal, returned.signal]);
  const entries = flatten(journalBatches(world, dir, { from, follow, signal: either }), either);
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => entries.next(),
    return() {
      // A generator that waits for the next line cannot return before it has it: wake it first.
      returned.abort();
      return entries.return();
    },
  };
}

async function* flatten(
  batches: AsyncIterable<readonly JournalEntry[]>,
  signal: AbortSignal,
): AsyncGenerator<JournalEntry, void, void> {
  for await (const batch of batches) {
    for (const entry of batch) {
      if (signal.aborted) return;
      yield entry;
    }
  }
}

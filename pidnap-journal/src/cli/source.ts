import { readdir } from "node:fs/promises";
import { JournalNotFoundError } from "../errors.ts";
import { journalBatches } from "../reader/batches.ts";
import type { JournalEntry } from "../reader/entry.ts";
import { nodeReaderWorld } from "../reader/world.ts";
import { segmentNames } from "../segment-name.ts";
import { journalDir } from "./journal-dir.ts";

/** What of a journal a command reads. */
interface SourceOptions {
  readonly from?: number;
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

const never = new AbortController().signal;

/** A journal's entries for a command. @throws {JournalNotFoundError} where there is none */
export async function* entriesOf(
  dir: string,
  options: SourceOptions = {},
): AsyncGenerator<readonly JournalEntry[], void, void> {
  const { from = 1, follow = false, signal = never } = options;
  yield* journalBatches(nodeReaderWorld, dir, { from, follow, signal });
}

/**
 * The directory that is meant and its segments, oldest first.
 *
 * @param waits whether a directory without segments will do: a journal may begin there
 * @throws {JournalNotFoundError} where it has none
 */
export async function existingJournal(
  named: string | undefined,
  waits = false,
): Promise<{ readonly dir: string; readonly segments: readonly string[] }> {
  const dir = journalDir(named);
  const segments = segmentNames(await entriesIn(dir));
  if (segments.length === 0 && !waits) throw new JournalNotFoundError(dir);
  return { dir, segments };
}

async function entriesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw new JournalNotFoundError(dir, error);
    throw error;
  }
}

import { resolve } from "node:path";
import type { WriterEnvironment } from "./environment.ts";
import type { Journal } from "./journal-types.ts";
import { JournalWriter } from "./journal-writer.ts";
import { nodeEnvironment } from "./node-environment.ts";
import { readOptions, type OpenJournalOptions } from "./options.ts";
import { StoreKeeper } from "./store-keeper.ts";

/**
 * Opens a journal for writing and starts a boot in it. Where the disk is full, read-only or broken
 * it opens all the same, counts what it cannot write, and tries again: pidnap has to start.
 *
 * @param dir the journal's directory; made where it does not exist
 * @throws JournalLockedError a living process writes it
 * @throws JournalVersionError it was written in another format
 * @throws JournalOptionError an option cannot be used
 */
export async function openJournal(dir: string, options?: OpenJournalOptions): Promise<Journal> {
  return openJournalWith(nodeEnvironment(), dir, options);
}

/** `openJournal` in a world of the caller's. */
export async function openJournalWith(
  env: WriterEnvironment,
  dir: string,
  options?: OpenJournalOptions,
): Promise<Journal> {
  const checked = readOptions(dir, options, () => env.randomUuid());
  const path = resolve(dir);
  // Taken before the lock: a mark made while the lock was being waited for belongs to this boot.
  const bootMono = env.monotonicNow();
  const keeper = new StoreKeeper(env, path, checked);
  await keeper.start();
  return new JournalWriter(env, path, checked, keeper, bootMono);
}

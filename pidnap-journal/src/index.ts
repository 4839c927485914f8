export * from "./pure.ts";
export {
  JournalError,
  JournalLockedError,
  JournalNotFoundError,
  JournalOptionError,
  JournalVersionError,
} from "./errors.ts";
export { readJournal, readJournalIn } from "./reader/read.ts";
export type { ReadOptions } from "./reader/read.ts";
export type { CorruptEntry, EventEntry, JournalEntry, SkipReason } from "./reader/entry.ts";
export type { ChangeWatch, ReaderFile, ReaderFs, ReaderWorld } from "./reader/world.ts";
export { declareLosses, lossDeclarer } from "./reader/losses.ts";
export type { LossDeclarer } from "./reader/losses.ts";
export { openJournal, openJournalWith } from "./writer/journal.ts";
export type { Journal, JournalProblem, JournalStats } from "./writer/journal-types.ts";
export type { FsyncPolicy, OpenJournalOptions } from "./writer/options.ts";
export type {
  FileFacts,
  Liveness,
  ProcessIdentity,
  WriterEnvironment,
  WriterFs,
} from "./writer/environment.ts";

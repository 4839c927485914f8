export * from "./pure.ts";
export {
  JournalError,
  JournalLockedError,
  JournalMarkError,
  JournalNotFoundError,
  JournalOptionError,
  JournalVersionError,
} from "./errors.ts";
export { makeFolder } from "./make-folder.ts";
export { readJournal, readJournalIn } from "./reader/read.ts";
export type { ReadOptions } from "./reader/read.ts";
export type { CorruptEntry, EventEntry, JournalEntry, SkipReason } from "./reader/entry.ts";
export type { ChangeWatch, ReaderFile, ReaderFs, ReaderWorld } from "./reader/world.ts";
export { declareLosses, lossDeclarer } from "./reader/losses.ts";
export type { LossDeclarer } from "./reader/losses.ts";
export { dropMark, dropMarkWith } from "./marks/drop-mark.ts";
export type { MarkEnvironment } from "./marks/drop-mark.ts";
export type { Mark } from "./marks/mark.ts";
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
export { attachIn, attachToPidnap } from "./attach/attach.ts";
export type { AttachableJournal, Attachment, AttachOptions } from "./attach/attach.ts";
export type { PidnapEntry, PidnapManager, PidnapProcess } from "./attach/pidnap-surface.ts";
export type { AttachWorld, MachineFacts } from "./attach/world.ts";

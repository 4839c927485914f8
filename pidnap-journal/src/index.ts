export * from "./pure.ts";
export {
  JournalError,
  JournalLockedError,
  JournalNotFoundError,
  JournalOptionError,
  JournalVersionError,
} from "./errors.ts";

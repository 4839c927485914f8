/** What every error of this package carries beside its message. */
export interface ErrorFacts {
  /** What the person who reads it can do about it. */
  readonly hint: string;
  /** Whether the same call can succeed later without anyone changing anything. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** Base of the errors this package throws. `code` is stable; messages are for people and may change. */
export abstract class JournalError extends Error {
  abstract readonly code: string;
  readonly hint: string;
  readonly retryable: boolean;

  constructor(message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.hint = facts.hint;
    this.retryable = facts.retryable ?? false;
  }
}

/** A living writer holds the journal. */
export class JournalLockedError extends JournalError {
  override readonly name = "JournalLockedError";
  readonly code = "JOURNAL_LOCKED";
  readonly dir: string;
  readonly pid: number;

  constructor(dir: string, pid: number) {
    super(`The journal ${dir} is being written by process ${pid}.`, {
      hint: `Stop process ${pid} first, or use another directory: a journal has one writer at a time.`,
      retryable: true,
    });
    this.dir = dir;
    this.pid = pid;
  }
}

/** The journal was written in a format this code does not know. */
export class JournalVersionError extends JournalError {
  override readonly name = "JournalVersionError";
  readonly code = "JOURNAL_VERSION";
  readonly version: unknown;

  constructor(where: string, version: unknown) {
    super(`${where} has format version ${JSON.stringify(version)}; this is for version 1.`, {
      hint: "Use a pidnap-journal that knows this version, or begin a new directory.",
    });
    this.version = version;
  }
}

/** There is no journal where one was asked for. */
export class JournalNotFoundError extends JournalError {
  override readonly name = "JournalNotFoundError";
  readonly code = "JOURNAL_NOT_FOUND";
  readonly dir: string;

  constructor(dir: string, cause?: unknown) {
    super(`There is no journal in ${dir}.`, {
      hint: "Name the directory that pidnap writes its journal to; it holds files named journal-….ndjson.",
      retryable: true,
      cause,
    });
    this.dir = dir;
  }
}

/** A mark could not be put into the drop box. */
export class JournalMarkError extends JournalError {
  override readonly name = "JournalMarkError";
  readonly code = "JOURNAL_MARK";
  readonly folder: string;

  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The mark could not be put into ${folder}: ${reason}.`, {
      hint: "The disk needs room for a small file, and this user the right to make one in that folder.",
      retryable: true,
      cause,
    });
    this.folder = folder;
  }
}

/** An option has a value that cannot be used. */
export class JournalOptionError extends JournalError {
  override readonly name = "JournalOptionError";
  readonly code = "JOURNAL_OPTION";

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { hint, cause });
  }
}

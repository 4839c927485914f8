/** What every error of this package carries beside its message. */
export interface IngestErrorFacts {
  /** What the person who reads it can do about it. */
  readonly hint: string;
  /** Whether the same call can succeed later without anyone changing anything. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** Base of the errors this package throws. `code` is stable; messages are for people and may change. */
export abstract class IngestError extends Error {
  abstract readonly code: string;
  readonly hint: string;
  readonly retryable: boolean;

  constructor(message: string, facts: IngestErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.hint = facts.hint;
    this.retryable = facts.retryable ?? false;
  }
}

import type { Healing } from "./core/retry.ts";

/** What every error of this package carries beside its message. */
export interface ErrorFacts {
  /** What the person who reads it can do about it. */
  readonly hint: string;
  /** Whether the same attempt can succeed later. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** Base of the errors this package throws. `code` is stable; messages are for people and may change. */
export abstract class ShipperError extends Error {
  abstract readonly code: string;
  readonly hint: string;
  readonly retryable: boolean;

  constructor(message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.hint = facts.hint;
    this.retryable = facts.retryable ?? false;
  }
}

/** The command was called in a way that cannot be meant. */
export class UsageError extends ShipperError {
  override readonly name = "UsageError";
  readonly code = "USAGE";

  constructor(message: string, hint: string) {
    super(message, { hint });
  }
}

/** The token file cannot be used. */
export class TokenFileError extends ShipperError {
  override readonly name = "TokenFileError";
  readonly code = "TOKEN_FILE";
  readonly path: string;

  constructor(path: string, problem: string, cause?: unknown) {
    super(`The token file ${path} ${problem}.`, {
      hint: "Put this machine's ingest token into it, alone on one line, and make it readable for the shipper.",
      retryable: true,
      cause,
    });
    this.path = path;
  }
}

/** The token file holds another machine's token now: what is shipped with it is another machine's journal. */
export class AnotherMachineError extends ShipperError {
  override readonly name = "AnotherMachineError";
  readonly code = "ANOTHER_MACHINE";

  constructor() {
    super("The token file holds another machine's token now.", {
      hint: "Nothing needs to be done: the journal is taken up again as that machine's.",
      retryable: true,
    });
  }
}

/** The directory for the shipper's own state cannot be used. */
export class StateDirError extends ShipperError {
  override readonly name = "StateDirError";
  readonly code = "STATE_DIR";
  readonly path: string;

  constructor(path: string, problem: string, cause?: unknown) {
    super(`The state directory ${path} ${problem}.`, {
      hint: "Name a directory on a disk with room that the shipper may write to.",
      cause,
    });
    this.path = path;
  }
}

/** The port for figures cannot be listened on. */
export class MetricsPortError extends ShipperError {
  override readonly name = "MetricsPortError";
  readonly code = "METRICS_PORT";
  readonly port: number;

  constructor(port: number, systemCode: string) {
    super(
      systemCode === "EADDRINUSE"
        ? `Port ${port} of 127.0.0.1 is taken by another process.`
        : `Port ${port} of 127.0.0.1 cannot be listened on (${systemCode}).`,
      { hint: "Give another --metrics-port, or 0 for any free one, which the log then names." },
    );
    this.port = port;
  }
}

/** No shipper has left anything where its state was looked for. */
export class StateNotFoundError extends ShipperError {
  override readonly name = "StateNotFoundError";
  readonly code = "STATE_NOT_FOUND";
  readonly path: string;

  constructor(path: string, problem = "holds no shipper's state", cause?: unknown) {
    super(`The directory ${path} ${problem}.`, {
      hint: "Name the directory that pidnap-shipper run has as --state; it writes there once it has found a journal.",
      cause,
    });
    this.path = path;
  }
}

/** What was given to send again cannot be sent. */
export class NothingToSendError extends ShipperError {
  override readonly name = "NothingToSendError";
  readonly code = "NOTHING_TO_SEND";
  readonly path: string;

  constructor(path: string, problem: string, hint: string, cause?: unknown) {
    super(`${path} ${problem}.`, { hint, cause });
    this.path = path;
  }
}

/** The server's history of a journal and the one that is sent do not fit together. */
export class HistoryError extends ShipperError {
  override readonly name = "HistoryError";
  readonly code = "HISTORY";
  readonly journal: string;

  constructor(journal: string, message: string, hint: string) {
    super(message, { hint });
    this.journal = journal;
  }
}

/** A request brought no answer that decides anything; what `status` shows as the last error. */
export class RequestError extends ShipperError {
  override readonly name = "RequestError";
  readonly code = "REQUEST";
  /** Stable, for programs: `unauthorized`, `wrong-url`, `status-502`, `ECONNREFUSED`, `deadline` … */
  readonly slug: string;
  /** HTTP status, or 0 where no answer came. */
  readonly status: number;
  readonly healing: Healing;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    facts: ErrorFacts & {
      readonly slug: string;
      readonly status?: number;
      readonly healing: Healing;
      readonly retryAfterMs?: number | undefined;
    },
  ) {
    super(message, { retryable: true, ...facts });
    this.slug = facts.slug;
    this.status = facts.status ?? 0;
    this.healing = facts.healing;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

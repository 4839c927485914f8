import { IngestError } from "../errors.ts";

/** Another process serves the same data directory. */
export class DataLockedError extends IngestError {
  override readonly name = "DataLockedError";
  readonly code = "DATA_LOCKED";
  readonly dir: string;
  readonly pid: number;

  constructor(dir: string, pid: number) {
    super(`The data in ${dir} is in use by process ${pid}.`, {
      hint: "Stop it first, or name another directory with --data.",
      retryable: true,
    });
    this.dir = dir;
    this.pid = pid;
  }
}

/** The data directory, or the store in it, cannot be used. */
export class DataUnusableError extends IngestError {
  override readonly name = "DataUnusableError";
  readonly code = "DATA_UNUSABLE";
  readonly dir: string;

  constructor(
    dir: string,
    why: string,
    cause: unknown,
    hint = "Name a directory that can be written with --data.",
  ) {
    super(`${dir} cannot be used: ${why}.`, { hint, cause });
    this.dir = dir;
  }
}

/** The port to listen on cannot be had. */
export class PortTakenError extends IngestError {
  override readonly name = "PortTakenError";
  readonly code = "PORT_TAKEN";
  readonly port: number;

  constructor(port: number, cause?: unknown) {
    const forbidden = cause instanceof Error && "code" in cause && cause.code === "EACCES";
    super(`Port ${port} on 127.0.0.1 ${forbidden ? "is not for everyone" : "is taken"}.`, {
      hint: `${forbidden ? "Choose" : "Stop what listens there, or choose"} another with --port (or PORT=…).`,
      retryable: true,
      cause,
    });
    this.port = port;
  }
}

/** Packages that only the local server needs are not installed. */
export class MissingPackagesError extends IngestError {
  override readonly name = "MissingPackagesError";
  readonly code = "MISSING_PACKAGES";
  readonly packages: readonly string[];

  constructor(packages: readonly string[]) {
    super("The local server needs ClickHouse and workerd, which are not installed.", {
      hint: `Install them: \`npm install ${packages.join(" ")}\`.`,
    });
    this.packages = packages;
  }
}

/** There are no signing keys where some were expected, or some where none were. */
export class KeysError extends IngestError {
  override readonly name = "KeysError";
  readonly code = "KEYS";

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { hint, cause });
  }
}

/** A command line option has a value that cannot be used. Exit code 2. */
export class UsageError extends IngestError {
  override readonly name = "UsageError";
  readonly code = "USAGE";

  constructor(message: string, hint: string) {
    super(message, { hint });
  }
}

/** A server that was asked something did not answer, or not with what was asked for. */
export class AnswerError extends IngestError {
  override readonly name = "AnswerError";
  readonly code = "ANSWER";

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { hint, cause });
  }
}

/** The Workers runtime could not be started or has ended. */
export class RuntimeError extends IngestError {
  override readonly name = "RuntimeError";
  readonly code = "RUNTIME";

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { hint, cause });
  }
}

/** The store refused rows or a query. `clickhouseCode` is the engine's own number, where it gave one. */
export class StoreError extends IngestError {
  override readonly name = "StoreError";
  readonly code = "STORE";
  readonly clickhouseCode: number | undefined;

  constructor(message: string, clickhouseCode: number | undefined, cause?: unknown) {
    super(message, {
      hint: "Look at the disk and at the log above; what was not stored is sent again.",
      retryable: true,
      cause,
    });
    this.clickhouseCode = clickhouseCode;
  }
}

/** A query's turn did not come in time: heavier ones were before it. */
export class QueueTimeoutError extends IngestError {
  override readonly name = "QueueTimeoutError";
  readonly code = "QUEUE_TIMEOUT";
  readonly waitedMs: number;

  constructor(waitedMs: number) {
    super(`The query waited ${waitedMs} ms for its turn.`, {
      hint: "Ask fewer at a time, or less of each.",
      retryable: true,
    });
    this.waitedMs = waitedMs;
  }
}

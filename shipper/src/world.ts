import type { Engine } from "./engine.ts";

/**
 * Everything outside that the shipper touches. `nodeWorld` has the real things; a test or a
 * simulation hands in its own clock, disk and network.
 */
export interface World {
  readonly clock: Clock;
  readonly fs: ShipperFs;
  readonly request: Request;
  readonly watch: Watch;
  readonly gzip: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly log: Log;
  /** Told when there is much to do and when there is nothing, where that makes a difference. */
  readonly engine?: Engine;
}

export interface Clock {
  /** Wall clock, ms since the epoch; jumps. */
  now(): number;
  /** Monotonic clock, ms. */
  mono(): number;
  /** Calls `callback` after `ms`, unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
}

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The body in pieces, so that a batch is not copied to be sent. */
  readonly body?: readonly Uint8Array[];
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/**
 * Makes one request. Follows no redirect, retries nothing. Where no whole answer comes it rejects with an
 * error that has a `code`, as Node's do; once `signal` is aborted, with anything.
 */
export type Request = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

/** Calls `onChange` when something in `dir` may have changed; `dir` need not exist yet. */
export type Watch = (dir: string, onChange: () => void) => { close(): Promise<void> };

/** One line for a person or a program. `fields` never hold a token. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** What nothing but a person's hand heals. */
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The part of `node:fs/promises` that is used. */
export interface ShipperFs {
  readdir(path: string): Promise<string[]>;
  stat(path: string): Promise<FileStat>;
  open(path: string, flags: string, mode?: number): Promise<ShipperFile>;
  readFile(path: string): Promise<Uint8Array>;
  mkdir(path: string, options: { recursive: true; mode: number }): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
}

export interface FileStat {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface ShipperFile {
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
  write(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }>;
  stat(): Promise<FileStat>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

import type { Batch } from "../core/batch.ts";
import { addTo, noRate, rateAt, type Rate } from "../core/rate.ts";
import { isAbsent } from "../disk/segments.ts";
import type { RequestError } from "../errors.ts";
import type { TokenClaims } from "../net/token.ts";
import { replaceFile } from "../state/atomic-file.ts";
import { jsonOrUndefined } from "../state/checkpoint.ts";
import type { World } from "../world.ts";
import { processStart } from "./process-start.ts";
import { readStatus, statusPath, type ShipperStatus } from "./status-file.ts";

const path = process.getBuiltinModule("node:path");

/** Least time between two writes, ms: often enough for a person, and a thousandth of what shipping costs. */
const writeEveryMs = 5_000;
/** The same where nothing goes on any more, ms: who asks then wants to know how it ended. */
const settleEveryMs = 1_000;

export interface StatusOptions {
  readonly state: string;
  readonly dir: string;
  readonly url: URL;
  readonly tokenFile: string;
  readonly retention?: number;
}

type Facts = Pick<
  ShipperStatus,
  "server" | "lastSuccess" | "lastError" | "failedAttempts" | "nextRetryAtMs"
>;

/**
 * Keeps the status file near the truth. It writes in the background, seldom, and never fails: shipping
 * does not wait for what is only told to people.
 */
export class StatusKeeper {
  readonly #world: World;
  readonly #options: StatusOptions;
  readonly #claims: () => TokenClaims;
  readonly #startedAtMs: number;
  #processStart: string | undefined;
  #facts: Facts = { failedAttempts: 0 };
  #shipped = { events: 0, bytes: 0, lost: 0 };
  #rate: Rate;
  #opened = false;
  #dirty = true;
  #writtenAtMs = -Infinity;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  /** What has come since the last write began must not wait for long. */
  #isAwaited = false;
  #toldOfFault = false;

  constructor(world: World, options: StatusOptions, claims: () => TokenClaims) {
    this.#world = world;
    // Whoever asks stands in another directory.
    const { dir, tokenFile } = options;
    this.#options = { ...options, dir: path.resolve(dir), tokenFile: path.resolve(tokenFile) };
    this.#claims = claims;
    this.#startedAtMs = world.clock.now();
    this.#rate = noRate(world.clock.mono());
  }

  /** Takes over what the process before knew last, and begins to write. The state directory has to be there. */
  async open(): Promise<void> {
    if (this.#opened) return;
    this.#opened = true;
    const { fs } = this.#world;
    this.#processStart = await processStart(fs, "self");
    const before = await this.#readBefore();
    if (before?.dir === this.#options.dir && before.url === this.#url()) {
      const { server, lastSuccess, lastError } = before;
      this.#facts = { ...definedOnly({ server, lastSuccess, lastError }), failedAttempts: 0 };
    }
    this.#changed();
  }

  /** The server has said where it is. */
  positioned(next: number): void {
    const atMs = this.#world.clock.now();
    this.#succeeded(0, 0);
    this.#facts = { ...this.#facts, server: { next, heardAtMs: atMs } };
    this.#changed();
  }

  /** The server has taken a batch, and is at its end. */
  shipped(batch: Batch, tookMs: number): void {
    const { clock } = this.#world;
    const { events, bytes, lost } = this.#shipped;
    const declared = batch.lost.reduce((sum, { from, through }) => sum + through - from + 1, 0);
    this.#shipped = {
      events: events + batch.events,
      bytes: bytes + batch.bytes,
      lost: lost + declared,
    };
    this.#rate = addTo(this.#rate, clock.mono(), batch.events, batch.bytes);
    this.#succeeded(batch.events, tookMs);
    this.#facts = { ...this.#facts, server: { next: batch.end, heardAtMs: clock.now() } };
    this.#changed();
  }

  /** @param delayMs until the next attempt; undefined where there is none */
  failed(error: RequestError, attempt: number, delayMs: number | undefined): void {
    const nowMs = this.#world.clock.now();
    const { slug, status, message, hint } = error;
    const isNews = attempt === 1 || slug !== this.#facts.lastError?.slug;
    const { nextRetryAtMs: _, ...facts } = this.#facts;
    this.#facts = {
      ...facts,
      lastError: { atMs: nowMs, slug, status, message, hint },
      failedAttempts: attempt,
      ...(delayMs !== undefined && { nextRetryAtMs: nowMs + delayMs }),
    };
    // Whoever wonders why nothing arrives asks at once; and before a long wait nothing else would come to write it.
    this.#changed(isNews || (delayMs ?? 0) >= writeEveryMs);
  }

  /** Nothing is going on: what has been held back is written, where it is time. */
  settle(): void {
    if (this.#dirty) this.#changed(this.#world.clock.mono() - this.#writtenAtMs >= settleEveryMs);
  }

  /** Writes the last status. */
  async close(): Promise<void> {
    if (!this.#opened) return;
    while (this.#isWriting) await this.#writing;
    await this.#write({ stoppedAtMs: this.#world.clock.now() });
  }

  #succeeded(events: number, tookMs: number): void {
    const { nextRetryAtMs: _, ...facts } = this.#facts;
    const atMs = this.#world.clock.now();
    this.#facts = { ...facts, lastSuccess: { atMs, events, tookMs }, failedAttempts: 0 };
  }

  #changed(now = false): void {
    this.#dirty = true;
    if (!this.#opened) return;
    if (this.#isWriting) {
      this.#isAwaited ||= now;
      return;
    }
    if (!now && this.#world.clock.mono() - this.#writtenAtMs < writeEveryMs) return;
    this.#isWriting = true;
    this.#writing = this.#write({}).finally(() => {
      this.#isWriting = false;
      if (!this.#isAwaited) return;
      this.#isAwaited = false;
      this.#changed(true);
    });
  }

  /** Everything as it is now. */
  current(): ShipperStatus {
    const { clock } = this.#world;
    const { dir, tokenFile, retention } = this.#options;
    const { eventsPerSecond, bytesPerSecond } = rateAt(this.#rate, clock.mono());
    const { expiresAtMs } = this.#claims();
    return {
      version: 1,
      pid: process.pid,
      ...(this.#processStart !== undefined && { processStart: this.#processStart }),
      startedAtMs: this.#startedAtMs,
      writtenAtMs: clock.now(),
      dir,
      url: this.#url(),
      tokenFile,
      ...(expiresAtMs !== undefined && { tokenExpiresAtMs: expiresAtMs }),
      ...(retention !== undefined && { retentionBytes: retention }),
      ...this.#facts,
      shipped: this.#shipped,
      rate: { eventsPerSecond, bytesPerSecond },
    };
  }

  async #write(more: { readonly stoppedAtMs?: number }): Promise<void> {
    const { fs, log, clock } = this.#world;
    this.#writtenAtMs = clock.mono();
    this.#dirty = false;
    try {
      const text = `${JSON.stringify({ ...this.current(), ...more })}\n`;
      await replaceFile(fs, statusPath(this.#options.state), text);
    } catch (error) {
      if (this.#toldOfFault) return;
      this.#toldOfFault = true;
      log.warn("The status file cannot be written; shipping goes on without it.", {
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  /** Without what a URL may hold that is nobody's business. */
  #url(): string {
    const { origin, pathname } = this.#options.url;
    return origin + pathname;
  }

  async #readBefore(): Promise<ShipperStatus | undefined> {
    try {
      const bytes = await this.#world.fs.readFile(statusPath(this.#options.state));
      return readStatus(jsonOrUndefined(Buffer.from(bytes).toString("utf8")));
    } catch (error) {
      if (!isAbsent(error)) {
        this.#world.log.warn("The status file cannot be read, and is made anew.", {
          error: error instanceof Error ? error.message : String(error),
        });
      }
      return undefined;
    }
  }
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

function definedOnly<T extends object>(value: T): Defined<T> {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}

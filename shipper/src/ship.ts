import { JournalNotFoundError, type JournalId } from "pidnap-journal";
import { Control } from "./control.ts";
import { retryDelayMs } from "./core/retry.ts";
import { codeOf } from "./disk/segments.ts";
import { Survey } from "./disk/survey.ts";
import { AnotherMachineError, TokenFileError, type RequestError } from "./errors.ts";
import { Lineage } from "./lineage.ts";
import type { ShipListener } from "./listener.ts";
import { Exchange } from "./net/exchange.ts";
import { isHopeless } from "./net/hopeless.ts";
import { TokenFile } from "./net/token.ts";
import { Observer } from "./observer.ts";
import { eagerPollMs, pollMs, tokenPollMs, warnEveryMs } from "./limits.ts";
import { Session, type SessionEnd } from "./session.ts";
import { CheckpointFile } from "./state/checkpoint.ts";
import { StatusKeeper } from "./status/status-keeper.ts";
import type { World } from "./world.ts";

export interface ShipOptions {
  /** The journal's directory. */
  readonly dir: string;
  /** The ingest Worker. */
  readonly url: URL;
  readonly tokenFile: string;
  /** The directory for what the shipper remembers. */
  readonly state: string;
  /** Ship what is there, then end. */
  readonly once: boolean;
  readonly maxEvents: number;
  /** Of a batch, before compression. */
  readonly maxBytes: number;
  readonly compress: "gzip" | "none";
  /** How long samples wait for company, ms. */
  readonly lingerMs: number;
  /** How long the end in order may take, ms. */
  readonly drainMs: number;
  /** How long a request may take, ms. */
  readonly deadlineMs: number;
  /** Size at which the journal's writer deletes its oldest segment, bytes: told on to those who ask how it is. */
  readonly retention?: number;
}

/**
 * Ships a journal until `stop` is aborted, or with `once` until everything is shipped.
 *
 * @throws where nothing can heal it: another format version, an unusable token file or state
 *   directory at the start; with `once` also where there is no journal, or the server refuses for good
 */
export async function ship(
  world: World,
  options: ShipOptions,
  stop?: AbortSignal,
  listener: ShipListener = {},
): Promise<void> {
  const control = new Control(world, stop, options.drainMs);
  const shipping = new Shipping(world, options, control, listener);
  try {
    await shipping.run();
  } catch (error) {
    // Ended by the signal: that is an end in order, however little got through.
    if (!control.signal.aborted) throw error;
  } finally {
    await shipping.close();
  }
}

class Shipping {
  readonly #world: World;
  readonly #options: ShipOptions;
  readonly #control: Control;
  readonly #token: TokenFile;
  #survey: Survey;
  /** Segments that begin below this position are a journal's that has been shipped. */
  #since = 0;
  readonly #status: StatusKeeper;
  readonly #observer: Observer;
  readonly #checkpoint: CheckpointFile;
  #lineage: Lineage | undefined;
  #toldOfAbsence = false;
  #toldOfFaultMs = -Infinity;
  /** Sessions in a row that brought the server nothing. */
  #fruitless = 0;

  constructor(world: World, options: ShipOptions, control: Control, listener: ShipListener) {
    this.#world = world;
    this.#options = options;
    this.#control = control;
    this.#token = new TokenFile(world.fs, options.tokenFile);
    this.#survey = new Survey(world.fs, options.dir);
    this.#checkpoint = new CheckpointFile(world.fs, options.state);
    this.#status = new StatusKeeper(world, options, () => this.#token.claims);
    this.#observer = new Observer(world, this.#status, listener);
    listener.started?.({
      status: () => this.#status.current(),
      checkpoint: () => this.#lineage?.checkpoint,
    });
  }

  async run(): Promise<void> {
    await this.#token.refresh();
    let end: SessionEnd | undefined;
    while (end !== "drained" && end !== "stopped") {
      try {
        const journal = await this.#findJournal();
        if (journal === undefined) return;
        end = await this.#session(journal);
        if (end === "gone" || end === "forked") await this.#spaceOut();
      } catch (error) {
        // The disk's own faults pass or are mended; everything else is for the caller.
        if (error instanceof AnotherMachineError) continue;
        if (this.#options.once || !isSystemError(error)) throw error;
        this.#warnOfFault(error);
        await this.#control.tail.wait(pollMs);
        this.#control.signal.throwIfAborted();
      }
    }
  }

  async close(): Promise<void> {
    await this.#lineage?.save();
    await this.#status.close();
    this.#control.end();
  }

  async #session(journal: JournalId): Promise<SessionEnd> {
    const world = this.#world;
    const file = this.#checkpoint;
    const { sub } = this.#token.claims;
    await this.#lineage?.save();
    this.#lineage = await Lineage.open({ world, survey: this.#survey, file }, journal, sub);
    // It is on its way to the disk; what is remembered there is not needed before the next start.
    void this.#lineage.save();
    await this.#status.open();
    const session = new Session({
      world,
      options: this.#options,
      control: this.#control,
      exchange: this.#exchange(),
      lineage: this.#lineage,
      observer: this.#observer,
      since: this.#since,
    });
    // Anew for each journal: a watcher may not notice that its directory was replaced.
    const watcher = this.#options.once
      ? undefined
      : world.watch(this.#options.dir, () => this.#control.tail.ring());
    try {
      const before = this.#status.current().shipped.events;
      const end = await session.run();
      this.#fruitless = this.#status.current().shipped.events > before ? 0 : this.#fruitless + 1;
      this.#lookFrom(session.foreignFrom ?? 0);
      return end;
    } finally {
      await watcher?.close();
    }
  }

  /** Two journals can lie in one directory: behind the one comes the other. */
  #lookFrom(since: number): void {
    if (since === this.#since) return;
    this.#since = since;
    this.#survey = new Survey(this.#world.fs, this.#options.dir, since);
  }

  /** A server or a disk that ends one session after the other must not be asked in a circle. */
  async #spaceOut(): Promise<void> {
    if (this.#fruitless < 2) return;
    const delayMs = retryDelayMs({ healing: "soon" }, this.#fruitless - 1, this.#world.random());
    await this.#control.backOff(delayMs);
  }

  #warnOfFault(error: unknown): void {
    const nowMs = this.#world.clock.mono();
    if (nowMs - this.#toldOfFaultMs < warnEveryMs) return;
    this.#toldOfFaultMs = nowMs;
    this.#world.log.warn("The journal cannot be read; it is tried again.", {
      error: error instanceof Error ? error.message : String(error),
    });
  }

  #exchange(): Exchange {
    const control = this.#control;
    return new Exchange(this.#world, this.#options, this.#token, {
      signal: control.signal,
      wait: (error, delayMs) => this.#backOff(error, delayMs),
      onFailure: async (error, attempt, delayMs) => {
        const hopeless = this.#options.once && isHopeless(error);
        if (hopeless && !(error.status === 401 && (await this.#token.refresh()))) {
          this.#observer.gaveUp(error, attempt);
          throw error;
        }
        this.#observer.failed(error, attempt, delayMs);
      },
    });
  }

  /** Waits before the next attempt; for a refused token no longer than until another one is there. */
  async #backOff(error: RequestError, delayMs: number): Promise<void> {
    if (error.status !== 401 && error.status !== 403) return this.#control.backOff(delayMs);
    for (let leftMs = delayMs; leftMs > 0; leftMs -= tokenPollMs) {
      await this.#control.backOff(Math.min(leftMs, tokenPollMs));
      if (this.#control.signal.aborted || (await this.#tokenChanged())) return;
    }
  }

  async #tokenChanged(): Promise<boolean> {
    try {
      return await this.#token.refresh();
    } catch (error) {
      if (!(error instanceof TokenFileError)) throw error;
      // Whoever replaces it may be between deleting and writing; the next attempt says what is wrong.
      return false;
    }
  }

  /** The journal on disk, once there is one; undefined where the end came before it. */
  async #findJournal(): Promise<JournalId | undefined> {
    for (;;) {
      const journal = await this.#survey.journalId();
      if (journal !== undefined) return journal;
      const { dir, once } = this.#options;
      if (once) throw new JournalNotFoundError(dir);
      if (this.#control.stopping) return undefined;
      if (!this.#toldOfAbsence) {
        this.#toldOfAbsence = true;
        this.#world.log.warn(
          `There is no journal in ${dir} yet; the shipper waits for it. Check --dir if it should be there.`,
          { dir },
        );
      }
      await this.#control.tail.wait(eagerPollMs);
    }
  }
}

/** An error of the operating system (`EIO`, `EACCES`, `EMFILE` …), as opposed to one of a program. */
function isSystemError(error: unknown): boolean {
  return /^E[A-Z0-9]+$/.test(codeOf(error) ?? "");
}

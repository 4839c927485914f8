import { JournalLockedError } from "../errors.ts";
import type { BootId, NewEvent } from "../event.ts";
import { maxTimeMs } from "../limits.ts";
import type { Mark } from "../marks/mark.ts";
import { DropLedger, dropReasonOf } from "./dropped-events.ts";
import { encodeEvent, validTime, type EncodedEvent } from "./encode-event.ts";
import type { WriterEnvironment } from "./environment.ts";
import type { Journal, JournalProblem, JournalStats } from "./journal-types.ts";
import { LineWriter, TooLongError, type WriteMoment } from "./line-writer.ts";
import { MarkInbox } from "./mark-inbox.ts";
import type { WriterOptions } from "./options.ts";
import { ProcessTable } from "./process-table.ts";
import type { StoreKeeper } from "./store-keeper.ts";

/** How often the writer looks after its marks, its directory and what it still has to declare, ms. */
const tickMs = 250;

/** Shortest time between two fsyncs of the policy "interval", ms. */
const fsyncIntervalMs = 1000;

/** Shortest time between two declarations of invalid events, ms: one that comes a thousand times is declared once. */
const declareIntervalMs = 1000;

/** The writer behind `openJournal`: takes events, and keeps account of those that could not be written. */
export class JournalWriter implements Journal {
  readonly dir: string;
  readonly boot: BootId;
  readonly #env: WriterEnvironment;
  readonly #options: WriterOptions;
  readonly #keeper: StoreKeeper;
  readonly #table = new ProcessTable();
  readonly #ledger = new DropLedger();
  readonly #lines: LineWriter;
  readonly #marks: MarkInbox;
  readonly #stopTicking: () => void;
  #lastMono: number;
  #declareNotBefore = Number.NEGATIVE_INFINITY;
  #syncNotBefore = Number.NEGATIVE_INFINITY;
  #isSyncing = false;
  #isClosed = false;

  /** @param bootMono monotonic time at which this boot began */
  constructor(
    env: WriterEnvironment,
    dir: string,
    options: WriterOptions,
    keeper: StoreKeeper,
    bootMono: number,
  ) {
    this.#env = env;
    this.dir = dir;
    this.boot = options.boot;
    this.#options = options;
    this.#keeper = keeper;
    this.#lastMono = validMono(bootMono);
    this.#lines = new LineWriter(options.boot, options.fsync, this.#table, this.#ledger);
    this.#marks = new MarkInbox(env, dir, bootMono, (...problem) => keeper.note(...problem));
    this.#writeOwed();
    this.#stopTicking = env.every(tickMs, () => this.#tick());
  }

  get problem(): JournalProblem | undefined {
    return this.#keeper.problem;
  }

  append(event: NewEvent): number {
    // First: an event's own getters may append as well, and moments go up with positions.
    const encoded = this.#isClosed ? undefined : this.#encode(event);
    const moment = this.#moment();
    if (this.#isClosed) {
      this.#ledger.count("closed", moment.at);
      return 0;
    }
    if (encoded === undefined) return this.#refuse(moment);
    const seq = this.#write(encoded, moment);
    // Behind the event, since a segment that begins with it has the table from before; and even
    // where it could not be written, since the process did change.
    if (encoded.change !== undefined) {
      this.#table.change(encoded.change, moment.at, moment.mono, seq !== 0);
    }
    return seq;
  }

  stats(): JournalStats {
    const { store, nextSeq } = this.#keeper;
    return {
      nextSeq,
      droppedEvents: this.#ledger.total,
      segments: store?.segments ?? 0,
      bytes: store?.bytes ?? 0,
    };
  }

  close(): void {
    if (this.#isClosed) return;
    this.#stopTicking();
    this.#pollMarks();
    this.#writeOwed();
    this.#isClosed = true;
    try {
      if (this.#options.fsync !== "never") this.#keeper.store?.live.sync();
    } catch (error) {
      this.#keeper.note("fsync", error);
    }
    this.#keeper.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #encode(event: unknown): EncodedEvent | undefined {
    try {
      return encodeEvent(event);
    } catch (error) {
      // Its own getters or its `toJSON` threw: it cannot be written, whatever the reason.
      this.#keeper.note("encode", error);
      return undefined;
    }
  }

  #write(event: EncodedEvent, moment: WriteMoment): number {
    try {
      return this.#lines.writeEvent(this.#keeper.ready(moment.mono), event, moment);
    } catch (error) {
      const isTooLong = error instanceof TooLongError;
      this.#keeper.note(isTooLong ? "encode" : "write", error);
      if (isTooLong) return this.#refuse(moment);
      const isLocked = error instanceof JournalLockedError;
      this.#ledger.count(isLocked ? "locked" : dropReasonOf(error), moment.at);
      return 0;
    }
  }

  #refuse(moment: WriteMoment): 0 {
    this.#ledger.count("invalid", moment.at);
    if (moment.mono >= this.#declareNotBefore) {
      this.#declareNotBefore = moment.mono + declareIntervalMs;
      this.#writeOwed();
    }
    return 0;
  }

  /** Writes what is owed: the opening of a segment, the declaration of dropped events. */
  #writeOwed(): void {
    try {
      const store = this.#keeper.ready(this.#env.monotonicNow());
      if (this.#lines.owes(store)) this.#lines.writeOwed(store, this.#moment());
    } catch (error) {
      // It stays owed: the next event and the next tick try again.
      this.#keeper.note("write", error);
    }
  }

  #tick(): void {
    try {
      this.#keeper.checkLock();
      this.#writeOwed();
      this.#pollMarks();
      if (this.#options.fsync === "interval") this.#syncWhereDue();
    } catch (error) {
      this.#keeper.note("write", error);
    }
  }

  #pollMarks(): void {
    // Without the lock the marks are another writer's, and on a disk that refuses all they wait.
    if (this.#keeper.store !== undefined) {
      this.#marks.poll((mark, madeMono) => this.#writeMark(mark, madeMono));
    }
  }

  /**
   * A mark's event says when the mark was made, as far as the order of the journal's moments allows:
   * the time to ready would else be off by up to a tick.
   */
  #writeMark(mark: Mark, madeMono: number): boolean {
    const nowMono = validMono(this.#env.monotonicNow());
    const mono = Math.max(this.#lastMono, Math.min(validMono(madeMono), nowMono));
    const at = validTime(this.#env.now() - (nowMono - mono));
    const encoded = this.#encode(mark);
    if (encoded === undefined) return true;
    try {
      this.#lines.writeEvent(this.#keeper.ready(nowMono), encoded, { at, mono });
      this.#lastMono = mono;
      return true;
    } catch (error) {
      // Not counted as dropped: the mark stays where it is, for the next tick.
      this.#keeper.note("write", error);
      return false;
    }
  }

  #syncWhereDue(): void {
    const live = this.#keeper.store?.live;
    const mono = this.#env.monotonicNow();
    if (live === undefined || !this.#lines.isDirty || this.#isSyncing) return;
    if (mono < this.#syncNotBefore) return;
    this.#syncNotBefore = mono + fsyncIntervalMs;
    this.#isSyncing = true;
    this.#lines.isDirty = false;
    this.#env.fsyncInBackground(live.fd, (error) => {
      this.#isSyncing = false;
      // A segment that was sealed meanwhile was forced to the disk before it was closed.
      if (error === null || this.#keeper.store?.live !== live) return;
      this.#lines.isDirty = true;
      this.#keeper.note("fsync", error);
    });
  }

  /** Now, on both clocks; the monotonic one never behind a line already written. */
  #moment(): WriteMoment {
    const mono = Math.max(this.#lastMono, validMono(this.#env.monotonicNow()));
    this.#lastMono = mono;
    return { at: validTime(this.#env.now()), mono };
  }
}

/** Whole microseconds, in the range that the schema accepts. */
function validMono(ms: number): number {
  if (Number.isNaN(ms)) return 0;
  return Math.min(Math.max(-maxTimeMs, Math.round(ms * 1000) / 1000), maxTimeMs);
}

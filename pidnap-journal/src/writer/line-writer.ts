import type { BootId } from "../event.ts";
import { maxLineBytes } from "../limits.ts";
import type { DropLedger } from "./dropped-events.ts";
import type { EncodedEvent } from "./encode-event.ts";
import type { FsyncPolicy } from "./options.ts";
import type { ProcessTable } from "./process-table.ts";
import type { SegmentStore } from "./segment-store.ts";

/** Bytes that the fields before `type` do not reach: three numbers and a boot id of up to 256 characters, escaped. */
const maxHeadBytes = 2048;

/** A text of this many UTF-16 units fits into the limit in any case, since each takes at most 3 bytes. */
const surelyFits = Math.floor((maxLineBytes - maxHeadBytes) / 3);

/** An event whose line would be longer than a line may be. */
export class TooLongError extends Error {
  override readonly name = "TooLongError";
}

/** Moment of writing, on both clocks, ms. */
export interface WriteMoment {
  readonly at: number;
  readonly mono: number;
}

interface BatchLine {
  readonly text: string;
  /** Called once the line is in the file. */
  readonly written: () => void;
}

/**
 * Puts lines into the live segment, each time with one write: the event, and before it what is owed
 * by then: the end of a torn line, the opening of a new segment, the declaration of dropped events.
 */
export class LineWriter {
  readonly #boot: BootId;
  /** The last of the fields before `type`. */
  readonly #bootText: string;
  readonly #fsync: FsyncPolicy;
  readonly #table: ProcessTable;
  readonly #ledger: DropLedger;
  readonly #buffer = Buffer.allocUnsafe(maxLineBytes);
  /** Something was written since the last fsync. */
  isDirty = false;

  constructor(boot: BootId, fsync: FsyncPolicy, table: ProcessTable, ledger: DropLedger) {
    this.#boot = boot;
    this.#bootText = `,"boot":${JSON.stringify(boot)}`;
    this.#fsync = fsync;
    this.#table = table;
    this.#ledger = ledger;
  }

  /**
   * Writes one event, and all that is owed before it.
   *
   * @returns the event's position
   * @throws TooLongError, and what kept the event from being written
   */
  writeEvent(store: SegmentStore, event: EncodedEvent, moment: WriteMoment): number {
    return this.#writeAlone(store, event, moment) ?? this.#writeBatch(store, event, moment);
  }

  /** Whether there is something to write beside events. */
  owes(store: SegmentStore): boolean {
    return !store.live.isPlain || !this.#ledger.isEmpty;
  }

  /** Writes what is owed. @throws what kept it from being written */
  writeOwed(store: SegmentStore, moment: WriteMoment): void {
    this.#writeBatch(store, undefined, moment);
  }

  /** The path of nearly every event: nothing is owed and the segment has room. */
  #writeAlone(store: SegmentStore, event: EncodedEvent, moment: WriteMoment): number | undefined {
    const live = store.live;
    if (this.owes(store)) return undefined;
    const seq = store.nextSeq;
    const { text } = event;
    if (text.length > surelyFits) return undefined;
    // Joined in the buffer: as strings, V8 would copy the line once more.
    const buffer = this.#buffer;
    const comma = buffer.write(this.#headText(seq, moment), 0);
    const end = comma + buffer.write(text, comma);
    buffer[comma] = 44; // ASCII of the comma that takes the place of the text's opening brace
    buffer[end] = 10; // ASCII of \n
    const length = end + 1;
    if (store.isDue(length, moment.mono)) return undefined;
    store.makeRoom(length, moment.mono);
    const { written, failure } = live.write(buffer, length);
    if (written > 0) this.isDirty = true;
    if (written < length) throw failure;
    store.nextSeq = seq + 1;
    live.hasEvents = true;
    this.#syncWhereAsked(store);
    return seq;
  }

  #writeBatch(store: SegmentStore, event: EncodedEvent | undefined, moment: WriteMoment): number {
    let lines = this.#linesFor(store, event, moment);
    let bytes = bytesOf(store, lines);
    if (store.isDue(bytes.length, moment.mono)) {
      this.#settle(store, moment);
      store.rotate(moment.mono);
      lines = this.#linesFor(store, event, moment);
      bytes = bytesOf(store, lines);
    }
    this.#writeLines(store, lines, bytes, moment);
    this.#syncWhereAsked(store);
    return store.nextSeq - 1;
  }

  /**
   * What a segment needs before it is sealed: its last line ended, since it stays as it is then; and
   * a loss declared, in front of the table that says how things are after it.
   */
  #settle(store: SegmentStore, moment: WriteMoment): void {
    const owed = this.#linesFor(store, undefined, moment);
    const bytes = bytesOf(store, owed);
    if (store.fits(bytes.length)) this.#writeLines(store, owed, bytes, moment);
    else this.#writeLines(store, [], Buffer.from(store.live.owedEnd), moment);
  }

  #writeLines(
    store: SegmentStore,
    lines: readonly BatchLine[],
    bytes: Buffer,
    moment: WriteMoment,
  ): void {
    if (bytes.length === 0) return;
    if (lines.length > 0) store.makeRoom(bytes.length, moment.mono);
    let end = store.live.owedEnd.length;
    const { written, failure } = store.live.write(bytes, bytes.length);
    if (written > 0) this.isDirty = true;
    for (const line of lines) {
      end += Buffer.byteLength(line.text);
      if (written < end) throw failure;
      store.nextSeq += 1;
      line.written();
    }
    if (written < bytes.length) throw failure;
  }

  #linesFor(
    store: SegmentStore,
    event: EncodedEvent | undefined,
    moment: WriteMoment,
  ): BatchLine[] {
    const { live } = store;
    const lines: BatchLine[] = [];
    const nextSeq = () => store.nextSeq + lines.length;
    if (!live.hasOpening) {
      const text = this.#openingLine(store, nextSeq(), moment);
      lines.push({ text, written: () => (live.hasOpening = true) });
    }
    const eventWritten = () => (live.hasEvents = true);
    for (const dropped of this.#ledger.pending()) {
      const head = this.#head(nextSeq(), moment, "events.dropped");
      const { count, reason, firstAt, lastAt } = dropped;
      const text = `${JSON.stringify({ ...head, count, reason, firstAt, lastAt })}\n`;
      const written = () => {
        this.#ledger.declared(dropped);
        this.#table.lossDeclared();
        if (!this.#table.isEmpty) store.retellSoon(moment.mono);
        eventWritten();
      };
      lines.push({ text, written });
    }
    if (event !== undefined) {
      const text = `${this.#headText(nextSeq(), moment)},${event.text.slice(1)}\n`;
      if (Buffer.byteLength(text) > maxLineBytes)
        throw new TooLongError(`its line has more than ${maxLineBytes} bytes`);
      lines.push({ text, written: eventWritten });
    }
    return lines;
  }

  #openingLine(store: SegmentStore, seq: number, moment: WriteMoment): string {
    const head = { ...this.#head(seq, moment, "segment.opened"), journal: store.journal };
    const start = `${JSON.stringify(head).slice(0, -1)},"processes":`;
    const room = maxLineBytes - Buffer.byteLength(start) - "}\n".length;
    return `${start}${this.#table.toJson(room)}}\n`;
  }

  /** The line up to the comma before `type`. */
  #headText(seq: number, { at, mono }: WriteMoment): string {
    return `{"v":1,"seq":${seq},"at":${at},"mono":${mono}${this.#bootText}`;
  }

  #head(seq: number, { at, mono }: WriteMoment, type: string) {
    return { v: 1, seq, at, mono, boot: this.#boot, type };
  }

  #syncWhereAsked(store: SegmentStore): void {
    if (this.#fsync !== "always") return;
    store.live.sync();
    this.isDirty = false;
  }
}

function bytesOf(store: SegmentStore, lines: readonly BatchLine[]): Buffer {
  return Buffer.from(store.live.owedEnd + lines.map((line) => line.text).join(""));
}

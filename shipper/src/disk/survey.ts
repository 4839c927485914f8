import type { JournalId } from "pidnap-journal";
import { lineOfRun, type Run } from "../core/frame.ts";
import { headOfLine } from "../core/line-head.ts";
import type { ShipperFs } from "../world.ts";
import { openedJournal } from "./opened-journal.ts";
import { listSegments, type Segment } from "./segments.ts";
import { runsOfSegment } from "./segment-runs.ts";

/** A run of pidnap as the disk has it. */
export interface BootOnDisk {
  readonly boot: string;
  /** Its first line on disk. */
  readonly firstSeq: number;
}

/** Answers the rare questions about a journal at rest: who it is, where it ends, what stood where. */
export class Survey {
  readonly #fs: ShipperFs;
  readonly #dir: string;
  readonly #since: number;

  /** @param since segments that begin below this position are another journal's */
  constructor(fs: ShipperFs, dir: string, since = 0) {
    this.#fs = fs;
    this.#dir = dir;
    this.#since = since;
  }

  /** The journal's id, from the first segment that says it; undefined where there is no journal. */
  async journalId(): Promise<JournalId | undefined> {
    for (const segment of await this.#segments()) {
      // Its first event is all that is asked for, and rarely longer than this.
      for await (const run of runsOfSegment(this.#fs, segment, 8 * 1024)) {
        const journal = openedJournal(lineOfRun(run, 0));
        if (journal !== undefined) return journal;
        break;
      }
    }
    return undefined;
  }

  /** The position that the next event will have; 1 where there is none. A segment's name counts without an event in it. */
  async nextSeq(): Promise<number> {
    const newestFirst = (await this.#segments()).toReversed();
    let next = newestFirst[0]?.firstSeq ?? 1;
    for (const segment of newestFirst) {
      let found = false;
      for await (const run of runsOfSegment(this.#fs, segment)) {
        found = true;
        next = Math.max(next, run.firstSeq + run.ends.length);
      }
      if (found) break;
    }
    return next;
  }

  /** The line at `seq`, without `\n`, where it is on disk. */
  async lineAt(seq: number): Promise<Uint8Array | undefined> {
    const segments = await this.#segments();
    const segment = segments.findLast(({ firstSeq }) => firstSeq <= seq);
    if (segment === undefined) return undefined;
    let alone: Uint8Array | undefined;
    for await (const run of runsOfSegment(this.#fs, segment)) {
      const index = seq - run.firstSeq;
      if (index < 0 || index >= run.ends.length) continue;
      const line = Uint8Array.from(lineOfRun(run, index));
      // A line without neighbours may be another one, whose position is damaged.
      if (run.ends.length > 1) return line;
      alone ??= line;
    }
    return alone;
  }

  /** The newest boot, followed back over the segments to its first line; undefined where there is no event. */
  async newestBoot(): Promise<BootOnDisk | undefined> {
    let newest: BootOnDisk | undefined;
    for (const segment of (await this.#segments()).toReversed()) {
      const last = await lastBootOf(this.#fs, segment);
      if (last === undefined) continue;
      if (newest !== undefined && last.boot !== newest.boot) break;
      newest = { boot: last.boot, firstSeq: last.firstSeq };
      if (!last.fromStart) break;
    }
    return newest;
  }

  #segments(): Promise<Segment[]> {
    return listSegments(this.#fs, this.#dir, this.#since);
  }
}

async function lastBootOf(
  fs: ShipperFs,
  segment: Segment,
): Promise<(BootOnDisk & { readonly fromStart: boolean }) | undefined> {
  let last: (BootOnDisk & { readonly fromStart: boolean }) | undefined;
  for await (const run of runsOfSegment(fs, segment)) {
    for (const [seq, boot] of bootsOf(run)) {
      if (boot !== last?.boot) last = { boot, firstSeq: seq, fromStart: last === undefined };
    }
  }
  return last;
}

function* bootsOf(run: Run): Generator<[seq: number, boot: string]> {
  for (let index = 0; index < run.ends.length; index += 1) {
    const head = headOfLine(lineOfRun(run, index));
    if (head !== undefined) yield [head.seq, head.boot];
  }
}

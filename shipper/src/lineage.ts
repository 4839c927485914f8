import type { JournalId } from "pidnap-journal";
import { isFork } from "./core/fork.ts";
import type { Survey } from "./disk/survey.ts";
import { lineHash, uuidV5 } from "./hash.ts";
import { checkpointEveryMs, warnEveryMs } from "./limits.ts";
import { messageOf } from "./message.ts";
import type { Position } from "./net/exchange.ts";
import type { Checkpoint, CheckpointFile, Fork } from "./state/checkpoint.ts";
import type { World } from "./world.ts";

export interface LineageParts {
  readonly world: World;
  readonly survey: Survey;
  readonly file: CheckpointFile;
}

/**
 * Which history this is and how far the server has it: the journal's id, the id it is shipped
 * under, and the checkpoint that remembers both.
 */
export class Lineage {
  readonly #parts: LineageParts;
  #checkpoint: Checkpoint;
  /** Where the server was last, by the checkpoint; undefined where that says nothing about this id. */
  #checkpointNext: number | undefined;
  #savedNext = 0;
  #savedAtMs = -Infinity;
  #dirty = true;
  #writing: Promise<void> = Promise.resolve();
  #failedAtMs = -Infinity;

  constructor(parts: LineageParts, checkpoint: Checkpoint, checkpointNext: number | undefined) {
    this.#parts = parts;
    this.#checkpoint = checkpoint;
    this.#checkpointNext = checkpointNext;
  }

  /** Takes up the journal found on disk where the checkpoint left it. @param sub the machine, by its token */
  static async open(
    parts: LineageParts,
    journal: JournalId,
    sub: string | undefined,
  ): Promise<Lineage> {
    const { log } = parts.world;
    const saved = await parts.file.load(log);
    const fresh: Checkpoint = {
      version: 1,
      journal,
      shipAs: journal,
      foreignBefore: 1,
      next: 1,
      forks: [],
    };
    if (saved === undefined || saved.journal !== journal) {
      return new Lineage(parts, { ...fresh, ...(sub !== undefined && { sub }) }, undefined);
    }
    if (sub === undefined || saved.sub === undefined || saved.sub === sub) {
      const known = sub ?? saved.sub;
      return new Lineage(
        parts,
        { ...saved, ...(known !== undefined && { sub: known }) },
        saved.next,
      );
    }
    const boot = await parts.survey.newestBoot();
    log.warn(
      "The token is another machine's than the journal's: all before its newest boot is foreign.",
      {
        journal,
        before: saved.sub,
        now: sub,
        foreignBefore: boot?.firstSeq,
      },
    );
    return new Lineage(parts, { ...fresh, sub, foreignBefore: boot?.firstSeq ?? 1 }, undefined);
  }

  get journal(): string {
    return this.#checkpoint.journal;
  }

  get shipAs(): string {
    return this.#checkpoint.shipAs;
  }

  get foreignBefore(): number {
    return this.#checkpoint.foreignBefore;
  }

  get checkpointNext(): number | undefined {
    return this.#checkpointNext;
  }

  /** Everything that is remembered, as it is now; the file may lag behind. */
  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  /** Whether the server's journal of this id is another history than the one on disk. */
  async disputes(position: Position): Promise<boolean> {
    const { survey } = this.#parts;
    if (position.next === 1) return false;
    const line = await survey.lineAt(position.next - 1);
    if (line === undefined) {
      const nextSeq = await survey.nextSeq();
      return isFork(position, { nextSeq, hashOfLast: undefined });
    }
    const isLast = position.last?.seq === position.next - 1;
    const hashOfLast = isLast ? lineHash(line) : undefined;
    return isFork(position, { nextSeq: position.next, hashOfLast });
  }

  /** Goes on under an id of its own, from the newest boot's first line. */
  async fork(): Promise<void> {
    const { survey, world } = this.#parts;
    const newest = await survey.newestBoot();
    // Without a single event on disk there is nothing to go on with, under whatever id.
    if (newest === undefined) return;
    const disputed = this.#checkpoint.shipAs;
    const shipAs = uuidV5(disputed, newest.boot);
    const fork: Fork = { disputed, boot: newest.boot, shipAs, atMs: world.clock.now() };
    this.#checkpoint = {
      ...this.#checkpoint,
      shipAs,
      foreignBefore: newest.firstSeq,
      next: 1,
      forks: [...this.#checkpoint.forks, fork].slice(-maxForksKept),
    };
    this.#checkpointNext = undefined;
    world.log.warn(
      "The server holds another history under this journal's id; it goes on under a new one.",
      {
        journal: this.journal,
        disputed,
        shipAs,
        boot: newest.boot,
        foreignBefore: newest.firstSeq,
      },
    );
    await this.#write();
  }

  /** The server has everything below `next`. */
  async confirmed(next: number): Promise<void> {
    this.#checkpoint = { ...this.#checkpoint, next };
    this.#checkpointNext = next;
    this.#dirty = true;
    const elapsedMs = this.#parts.world.clock.mono() - this.#savedAtMs;
    // A server that went back is followed before anything else: the checkpoint is never ahead of it.
    if (next < this.#savedNext) await this.#write();
    // Otherwise it may lag behind, and nothing waits for the disk.
    else if (elapsedMs >= checkpointEveryMs) void this.save();
  }

  /** Writes what has not been written yet, and waits for it. A disk that refuses is not tried again at once. */
  async save(): Promise<void> {
    const refused = this.#parts.world.clock.mono() - this.#failedAtMs < warnEveryMs;
    await (this.#dirty && !refused ? this.#write() : this.#writing);
  }

  /** One write after the other: two at once would share the temporary file. */
  #write(): Promise<void> {
    this.#savedAtMs = this.#parts.world.clock.mono();
    this.#dirty = false;
    this.#savedNext = this.#checkpoint.next;
    this.#writing = this.#writing.then(() => this.#writeNow());
    return this.#writing;
  }

  async #writeNow(): Promise<void> {
    const { file, world } = this.#parts;
    try {
      await file.save(this.#checkpoint);
    } catch (error) {
      this.#dirty = true;
      this.#failedAtMs = world.clock.mono();
      // The server knows the position too: shipping goes on.
      world.log.warn(messageOf(error));
    }
  }
}

/** Forks that the checkpoint remembers; more than a few mean that a snapshot is restored every day. */
const maxForksKept = 16;

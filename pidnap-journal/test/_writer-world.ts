import { createFsFromVolume, Volume } from "memfs";
import { decodeLine, firstSeqOfSegment, segmentNames, type JournalEvent } from "pidnap-journal";
import type { ProcessIdentity, WriterEnvironment, WriterFs } from "../src/writer/environment.ts";

/**
 * A world for writers: a disk in memory that fills, fails, and forgets what was not forced to it; a
 * clock that only moves when told; processes that die at a byte.
 */
export class World {
  readonly dir = "/journal";
  readonly disk = new Disk();
  wallMs = 1_700_000_000_000;
  monoMs = 1_000;
  hostBoot = "host-boot-1";
  #nextPid = 100;
  #uuids = 0;
  readonly #living = new Set<string>();

  /** A process of this world: what it opens dies with `kill`. */
  startProcess(pid = this.#nextPid++): WorldProcess {
    const self: ProcessIdentity = {
      pid,
      startTime: String(this.#uuids++),
      hostBoot: this.hostBoot,
      pidNamespace: "1",
    };
    const key = JSON.stringify(self);
    this.#living.add(key);
    const timers = new Set<Timer>();
    const fs = this.disk.openedBy(() => this.#living.has(key));
    const env: WriterEnvironment = {
      fs,
      self,
      now: () => this.wallMs,
      monotonicNow: () => this.monoMs,
      randomUuid: () => uuid((this.#uuids += 1)),
      every: (intervalMs, work) => {
        const timer = { work, intervalMs, dueMs: this.monoMs + intervalMs };
        timers.add(timer);
        return () => timers.delete(timer);
      },
      delay: async () => undefined,
      holderIsAlive: ({ pid, startTime, hostBoot, pidNamespace }) =>
        this.#living.has(JSON.stringify({ pid, startTime, hostBoot, pidNamespace }))
          ? "alive"
          : "dead",
      fsyncInBackground: (fd, done) => {
        try {
          fs.fsyncSync(fd);
          done(null);
        } catch (error) {
          done(error as Error);
        }
      },
    };
    const process = {
      env,
      kill: () => {
        this.#living.delete(key);
        timers.clear();
      },
      runTimers: () => {
        for (const timer of timers) {
          if (timer.dueMs > this.monoMs) continue;
          timer.dueMs = this.monoMs + timer.intervalMs;
          timer.work();
        }
      },
    };
    this.#processes.push(process);
    return process;
  }

  readonly #processes: WorldProcess[] = [];

  /** Lets time pass on both clocks, and what is due in it happen. */
  pass(ms: number): void {
    const end = this.monoMs + ms;
    while (this.monoMs < end) {
      const step = Math.min(50, end - this.monoMs);
      this.monoMs += step;
      this.wallMs += step;
      for (const process of this.#processes) process.runTimers();
    }
  }

  /** The power goes: every process ends, and the disk keeps of what was not forced to it what `fate` says. */
  powerCut(fate: Fate): void {
    for (const process of this.#processes) process.kill();
    this.disk.powerCut(fate);
    this.hostBoot = `host-boot-${(this.#uuids += 1)}`;
    this.monoMs = 1_000;
  }
}

export interface WorldProcess {
  readonly env: WriterEnvironment;
  kill(): void;
  runTimers(): void;
}

interface Timer {
  readonly work: () => void;
  readonly intervalMs: number;
  dueMs: number;
}

/** What becomes of bytes that were written but not forced to the disk, and what comes to stand behind them. */
export interface Fate {
  /** Share of them that stays, 0 to 1. */
  readonly kept: number;
  /** Whether the rest are NUL bytes, as where the file's size reached the disk and its content did not; else they are gone. */
  readonly nulFilled: boolean;
  readonly garbage: Uint8Array;
  /** Whether a copy of older lines of the same file comes behind all, as from a stale block. */
  readonly repeats: boolean;
}

/** A file system in memory with a limited size and failures on demand. */
export class Disk {
  readonly volume = new Volume();
  readonly #fs = createFsFromVolume(this.volume);
  readonly #paths = new Map<number, string>();
  readonly #syncedBytes = new Map<string, number>();
  /** Files whose names were forced to the disk with their directory. */
  readonly #syncedNames = new Set<string>();
  /** Bytes that can still be written before the disk is full. */
  roomBytes = Number.POSITIVE_INFINITY;
  /** Bytes that can still be written before the process that writes them dies in the middle. */
  bytesToDeath = Number.POSITIVE_INFINITY;
  /** Called when that happens. */
  onDeath: () => void = () => undefined;
  /** Named operations fail with this. */
  readonly failing = new Map<keyof WriterFs, string>();

  openedBy(isAlive: () => boolean): WriterFs {
    const fs = this.#fs as unknown as WriterFs;
    const step = (name: keyof WriterFs) => {
      if (!isAlive()) throw fault("EDEAD");
      const code = this.failing.get(name);
      if (code !== undefined) throw fault(code);
    };
    return {
      openSync: (path, flags, mode) => {
        step("openSync");
        const isNew = !this.volume.existsSync(path);
        const fd = fs.openSync(path, flags, mode);
        this.#paths.set(fd, path);
        if (isNew) this.#syncedBytes.set(path, 0);
        return fd;
      },
      closeSync: (fd) => {
        step("closeSync");
        fs.closeSync(fd);
      },
      readSync: (...args) => {
        step("readSync");
        return fs.readSync(...args);
      },
      writeSync: (fd, buffer, offset, length) => {
        step("writeSync");
        return this.#write(fs, fd, buffer.subarray(offset, offset + length));
      },
      fsyncSync: (fd) => {
        step("fsyncSync");
        const path = this.#paths.get(fd) ?? "";
        if (!this.volume.existsSync(path)) return;
        if (this.volume.statSync(path).isFile()) {
          this.#syncedBytes.set(path, fs.fstatSync(fd).size);
        } else {
          for (const name of this.list(path)) this.#syncedNames.add(`${path}/${name}`);
        }
      },
      fstatSync: (fd) => {
        step("fstatSync");
        return fs.fstatSync(fd);
      },
      statSync: (path) => {
        step("statSync");
        return fs.statSync(path);
      },
      readdirSync: (path) => {
        step("readdirSync");
        return fs.readdirSync(path);
      },
      mkdirSync: (path, options) => {
        step("mkdirSync");
        return fs.mkdirSync(path, options);
      },
      unlinkSync: (path) => {
        step("unlinkSync");
        fs.unlinkSync(path);
      },
      renameSync: (from, to) => {
        step("renameSync");
        fs.renameSync(from, to);
      },
    };
  }

  #write(fs: WriterFs, fd: number, bytes: Uint8Array): number {
    const length = Math.min(bytes.length, this.roomBytes, this.bytesToDeath);
    if (length === 0 && this.roomBytes === 0) throw fault("ENOSPC");
    if (length > 0) fs.writeSync(fd, bytes, 0, length);
    this.roomBytes -= length;
    this.bytesToDeath -= length;
    if (this.bytesToDeath === 0) {
      this.bytesToDeath = Number.POSITIVE_INFINITY;
      this.onDeath();
      throw fault("EDEAD");
    }
    return length;
  }

  powerCut({ kept, nulFilled, garbage, repeats }: Fate): void {
    for (const name of this.list("/journal")) {
      const path = `/journal/${name}`;
      if (!name.endsWith(".ndjson")) continue;
      if (!this.#syncedNames.has(path)) {
        this.volume.unlinkSync(path);
        continue;
      }
      const content = this.volume.readFileSync(path) as Buffer;
      const synced = this.#syncedBytes.get(path) ?? content.length;
      if (synced === content.length) continue;
      const cut = synced + Math.floor((content.length - synced) * kept);
      const rest = nulFilled ? Buffer.alloc(content.length - cut) : Buffer.alloc(0);
      const repeated = content.subarray(0, repeats ? Math.min(synced, 300) : 0);
      const after = Buffer.concat([content.subarray(0, cut), rest, garbage, repeated]);
      this.volume.writeFileSync(path, after);
      this.#syncedBytes.set(path, after.length);
    }
  }

  list(path: string): string[] {
    return this.volume.existsSync(path) ? (this.volume.readdirSync(path) as string[]) : [];
  }
}

/** One line on the disk, as a reader sees it. */
export interface SeenEvent {
  readonly segment: string;
  readonly event: JournalEvent;
}

/** What a plain reader makes of the segments: events in order of lines, whatever is corrupt left out. */
export function seenEvents(disk: Disk, dir: string): SeenEvent[] {
  return segmentNames(disk.list(dir)).flatMap((segment) => {
    let next = firstSeqOfSegment(segment) ?? 1;
    return linesOf(disk.volume.readFileSync(`${dir}/${segment}`) as Buffer).flatMap((bytes) => {
      const decoded = decodeLine(bytes);
      if (decoded.kind !== "event" || decoded.event.seq < next) return [];
      next = decoded.event.seq + 1;
      return [{ segment, event: decoded.event }];
    });
  });
}

/** Whole lines, without their ends. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(10, start);
    if (end === -1) return lines;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

import fs, { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openJournal, type NewEvent } from "pidnap-journal";

/** What an append costs beside the least it could. */
export interface AppendBench {
  /** Median over rounds of one append's time over one bare write's, measured in turns; lower is better. */
  readonly ratio: number;
  /** Median time of one append, µs. */
  readonly appendMicros: number;
  /** Median time of `JSON.stringify` and `fs.writeSync` of the same line, µs. */
  readonly bareMicros: number;
  readonly rounds: number;
}

/** Short turns: what slows the machine for longer than these slows both. */
const turnsPerRound = 100;
const rounds = 600;

/** The events that pidnap appends most. */
const events: readonly NewEvent[] = [
  {
    type: "process.transitioned",
    process: "web-server",
    from: "restarting",
    to: "running",
    restarts: 3,
    pid: 12_345,
    kind: "process",
    tags: ["frontend", "public"],
  },
  {
    type: "resources.sampled",
    cpuPercent: 12.5,
    memoryUsedMb: 1024.25,
    memoryTotalMb: 4096,
    diskUsedPercent: 43.1,
    load1: 0.42,
    swapUsedMb: 0,
    cgroupCpuPercent: 25.25,
    cgroupMemoryMb: 900.5,
    cgroupMemoryLimitMb: 2048,
    memoryPressurePercent: 0.1,
    networkRxBytes: 123_456,
    networkTxBytes: 654_321,
  },
  {
    type: "process.transitioned",
    process: "job",
    from: "running",
    to: "stopped",
    restarts: 0,
    exitCode: 0,
  },
];

/**
 * Appends to a journal with the default options, in turns with bare writes of the same lines to a
 * file beside it, so that a machine busy with something else slows both.
 */
export async function benchAppend(): Promise<AppendBench> {
  const dir = mkdtempSync(join(tmpdir(), "pidnap-bench-append-"));
  const bareFd = fs.openSync(join(dir, "bare.ndjson"), "a");
  const journal = await openJournal(join(dir, "journal"));
  try {
    const head = { v: 1, seq: 0, at: Date.now(), mono: 0, boot: journal.boot };
    const records = events.map((event) => ({ ...head, ...event }));
    const timings = Array.from({ length: rounds }, () => ({
      bare: timePerCall(records, (record) => {
        head.seq += 1;
        record.seq = head.seq;
        record.mono = head.seq / 1000;
        fs.writeSync(bareFd, `${JSON.stringify(record)}\n`);
      }),
      append: timePerCall(events, (event) => {
        if (journal.append(event) === 0) throw new Error("an event was not appended");
      }),
    })).slice(rounds / 3); // The first third warms both up.
    return {
      ratio: median(timings.map(({ append, bare }) => append / bare)),
      appendMicros: median(timings.map(({ append }) => append)) * 1000,
      bareMicros: median(timings.map(({ bare }) => bare)) * 1000,
      rounds: timings.length,
    };
  } finally {
    journal.close();
    fs.closeSync(bareFd);
    rmSync(dir, { recursive: true, force: true });
  }
}

function timePerCall<Item>(items: readonly Item[], call: (item: Item) => void): number {
  const start = performance.now();
  for (let turn = 0; turn < turnsPerRound; turn += 1) {
    for (const item of items) call(item);
  }
  return (performance.now() - start) / (turnsPerRound * items.length);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

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
  readonly eventsPerRound: number;
  readonly rounds: number;
}

const eventsPerRound = 2_000;
const rounds = 60;

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
    const records = events.map((event, index) => ({
      v: 1,
      seq: 1_000 + index,
      at: Date.now(),
      mono: 123_456_789.123,
      boot: journal.boot,
      ...event,
    }));
    const timings = Array.from({ length: rounds }, () => ({
      bare: timePerCall((index) => {
        fs.writeSync(bareFd, `${JSON.stringify(records[index % records.length])}\n`);
      }),
      append: timePerCall((index) => {
        const event = events[index % events.length];
        if (event === undefined || journal.append(event) === 0) throw new Error("not appended");
      }),
    })).slice(rounds / 3); // The first third warms both up.
    return {
      ratio: median(timings.map(({ append, bare }) => append / bare)),
      appendMicros: median(timings.map(({ append }) => append)) * 1000,
      bareMicros: median(timings.map(({ bare }) => bare)) * 1000,
      eventsPerRound,
      rounds: timings.length,
    };
  } finally {
    journal.close();
    fs.closeSync(bareFd);
    rmSync(dir, { recursive: true, force: true });
  }
}

function timePerCall(call: (index: number) => void): number {
  const start = performance.now();
  for (let index = 0; index < eventsPerRound; index += 1) call(index);
  return (performance.now() - start) / eventsPerRound;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

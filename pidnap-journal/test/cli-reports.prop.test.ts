import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import fc from "fast-check";
import type { Point } from "pidnap-fixtures/reference/point";
import { referencePoints, referenceProcesses } from "pidnap-fixtures/reference/reference-points";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { boot } from "../src/cli/boot.ts";
import { ls } from "../src/cli/ls.ts";
import { ps } from "../src/cli/ps.ts";
import { stats } from "../src/cli/stats.ts";
import { verify } from "../src/cli/verify.ts";
import { damagedFiles } from "./_damaged-files.ts";
import { readNaively, type NaiveEvent } from "./_naive-reader.ts";

let said = "";
beforeEach(() => {
  const stdout = () =>
    new Writable({
      write(chunk: Buffer, _, done) {
        said += chunk.toString();
        done();
      },
    }) as typeof process.stdout;
  vi.spyOn(process, "stdout", "get").mockImplementation(stdout);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** What a command says with `--json`, and how it would exit. */
async function told(command: () => Promise<void>): Promise<{ told: unknown; code: number }> {
  said = "";
  process.exitCode = 0;
  await command();
  const code = exitCode();
  process.exitCode = 0;
  return { told: JSON.parse(said), code };
}

const exitCode = (): number => Number(process.exitCode ?? 0);

async function inDirectory(
  files: ReadonlyMap<string, Buffer>,
  work: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), "pidnap-journal-"));
  try {
    for (const [name, bytes] of files) await writeFile(join(dir, name), bytes);
    await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Checks a command's word on journals of every kind against what a second reading of the files says. */
function agrees(
  check: (dir: string, journal: ReturnType<typeof readNaively>) => Promise<void>,
): Promise<void> {
  const property = fc.asyncProperty(damagedFiles, (files) =>
    inDirectory(files, (dir) => check(dir, readNaively(files))),
  );
  return fc.assert(property, { numRuns: 40 });
}

const identity = { machine: "m", org: "o", project: "p", machineType: "t", journal: "j" };
const pointsOf = (wire: readonly NaiveEvent[]): Point[] => referencePoints(wire, identity);
const isEnd = (from: string, to: string): boolean =>
  from === "running" && to !== "running" && to !== "stopping";

type PsRow = Record<
  "process" | "state" | "restarts" | "startedAt" | "stoppedAt" | "durationMs" | "exitCode",
  unknown
>;

test("ps tells what a second fold tells, now and at any position", async () => {
  await agrees(async (dir, { events, wire }) => {
    const middle = events[Math.floor(events.length / 2)]?.seq ?? 1;
    for (const seq of [undefined, middle]) {
      const answer = await told(() => ps(dir, { json: true, utc: true, watch: false, seq }));
      const rows = answer.told as PsRow[];
      const seen = wire.filter((event) => event.seq <= (seq ?? Infinity));
      const last = seen.at(-1);
      // What is missing before an event is only known by it.
      if (seq !== undefined && last?.type === "events.lost" && !events.includes(last)) seen.pop();
      const processes = referenceProcesses(seen);
      const shown = rows.map(({ durationMs, process, restarts, startedAt, state, stoppedAt }) => {
        const times = { startedAt, stoppedAt, durationMs };
        return [process, { state, restarts, ...withoutNulls(times) }];
      });
      expect(Object.fromEntries(shown)).toEqual(processes);
      const exits = rows.map(({ exitCode, process }) => {
        const expected = lastExit(seen, String(process));
        return [process, exitCode, expected === undefined ? exitCode : expected];
      });
      expect(exits.filter(([, shown, expected]) => shown !== expected)).toEqual([]);
    }
  });
});

/** The exit code of a process whose last transition ended a run; undefined for all others. */
function lastExit(wire: readonly NaiveEvent[], process: string): number | null | undefined {
  const last = wire.findLast((event) => event.boot === wire.at(-1)?.boot && isOf(event, process));
  // One that was removed may be back with the next table, without its code.
  if (last === undefined || last["to"] === "removed") return undefined;
  if (!isEnd(String(last["from"]), String(last["to"]))) return undefined;
  const point = pointsOf([last]).find(({ blob5 }) => blob5 === process);
  return point === undefined || point.double3 === -1 ? null : point.double3;
}

function isOf(event: NaiveEvent, process: string): boolean {
  return event.type === "process.transitioned" && event["process"] === process;
}

function withoutNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

interface StatsTold {
  readonly events: number;
  readonly boots: number;
  readonly observedMs: number;
  readonly losses: Record<string, number>;
  readonly resources: Record<string, Record<"count" | "min" | "max" | "avg" | "last", number>>;
  readonly processes: ReadonlyArray<{
    readonly process: string;
    readonly runs: number;
    readonly restarts: number;
    readonly lost: number;
    readonly durationMs: Record<"p50" | "p95" | "max" | "total", number> | null;
    readonly exitCodes: Record<string, number>;
  }>;
}

test("stats tells what the points of a second fold add up to", async () => {
  await agrees(async (dir, { events, wire }) => {
    const facts = (await told(() => stats(dir, { json: true, utc: true }))).told as StatsTold;
    const points = pointsOf(wire);
    expect(facts.events).toBe(events.length);
    expect(facts.boots).toBe(new Set(events.map(({ boot: id }) => id)).size);
    expect(facts.observedMs).toBeCloseTo(observedMs(events), 3);
    expect(facts.losses).toEqual(
      sums(points.filter(({ blob4 }) => blob4 === "journal").map((p) => [p.blob6, p.double1])),
    );
    const cpu = points.filter(({ blob4 }) => blob4 === "resource").map(({ double1 }) => double1);
    const { avg, count = 0, last, max, min } = facts.resources["cpuPercent"] ?? {};
    const extremes = cpu.length === 0 ? [] : [Math.min(...cpu), Math.max(...cpu)];
    expect([count, min, max, last]).toEqual([cpu.length, extremes[0], extremes[1], cpu.at(-1)]);
    expect(avg ?? 0).toBeCloseTo(sum(cpu) / Math.max(1, cpu.length), 6);
    const ofProcesses = points.filter(({ blob4 }) => blob4 === "process");
    const names = [...new Set(ofProcesses.map(({ blob5 }) => blob5))];
    expect(facts.processes.map(({ process }) => process).toSorted()).toEqual(names.toSorted());
    for (const one of facts.processes) {
      checkProcess(
        one,
        ofProcesses.filter(({ blob5 }) => blob5 === one.process),
      );
    }
  });
});

function checkProcess(one: StatsTold["processes"][number], points: readonly Point[]): void {
  const lost = points.filter(({ blob6 }) => blob6 === "machine-lost");
  const ended = points.filter((p) => isEnd(p.blob9, p.blob6) && p.blob6 !== "machine-lost");
  // A stop that ends a run shows its length; where that is 0 the points do not tell it from another.
  const stopped = points.filter((p) => p.blob9 !== "running" && p.double1 > 0);
  const stops = stopped.filter(({ blob6 }) => blob6 !== "machine-lost");
  const least = lost.length + ended.length + stops.length;
  const vague = points.filter((p) => p.blob9 === "stopping" && p.double1 === 0).length;
  expect(one.lost).toBe(lost.length);
  expect(one.runs).toBeGreaterThanOrEqual(least);
  expect(one.runs).toBeLessThanOrEqual(least + vague);
  expect(sum(Object.values(one.exitCodes))).toBe(one.runs - one.lost);
  const isRestart = (p: Point): boolean =>
    p.blob6 === "running" && (p.blob9 === "restarting" || p.blob9 === "crash-loop-backoff");
  expect(one.restarts).toBe(points.filter(isRestart).length);
  const sorted = points
    .flatMap(({ double1 }) => (double1 > 0 ? [double1] : []))
    .toSorted((a, b) => a - b);
  const { max, p50 = 0, p95 = 0, total = 0 } = one.durationMs ?? {};
  expect(max).toBe(sorted.at(-1));
  expect(total).toBeCloseTo(sum(sorted), 3);
  expect(p50).toBeCloseTo(quantile(sorted, 0.5), 6);
  expect(p95).toBeCloseTo(quantile(sorted, 0.95), 6);
}

/** Interpolated between the two nearest. */
function quantile(sorted: readonly number[], share: number): number {
  const place = Math.max(0, sorted.length - 1) * share;
  const [low = 0, high = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place % 1);
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

function sums(pairs: ReadonlyArray<readonly [string, number]>): Record<string, number> {
  const all = new Map<string, number>();
  for (const [key, value] of pairs) all.set(key, (all.get(key) ?? 0) + value);
  return Object.fromEntries(all);
}

function observedMs(events: readonly NaiveEvent[]): number {
  return sum(
    events.map((event, index) => {
      const before = events[index - 1];
      return before?.boot === event.boot ? Math.max(0, event.mono - before.mono) : 0;
    }),
  );
}

interface BootTold {
  readonly boot: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly state: string;
  readonly timeToReadyMs: number | null;
}

test("boot tells of each boot what a second fold measured", async () => {
  await agrees(async (dir, { events, wire }) => {
    const options = { json: true, utc: true, show: "phases" } as const;
    const rows = (await told(() => boot(dir, options))).told as BootTold[];
    const ids = [...new Set(events.map(({ boot: id }) => id))];
    expect(rows.map((row) => row.boot)).toEqual(ids);
    const startups = pointsOf(wire).filter(({ blob4 }) => blob4 === "startup");
    for (const row of rows) {
      const own = events.filter(({ boot: id }) => id === row.boot);
      expect([row.firstSeq, row.lastSeq]).toEqual([own.at(0)?.seq, own.at(-1)?.seq]);
      const startup = startups.find(({ blob7 }) => blob7 === row.boot);
      const states = startup === undefined ? ["starting", "unknown"] : [startup.blob6];
      expect(states).toContain(row.state);
      expect(row.timeToReadyMs).toBe(startup?.blob6 === "ready" ? startup.double1 : null);
    }
  });
});

interface VerifyTold {
  readonly ok: boolean;
  readonly events: number;
  readonly segments: number;
  readonly faults: ReadonlyArray<{
    readonly segment: string;
    readonly offset: number;
    readonly reason: string;
  }>;
}

test("verify finds every corrupt piece and every gap where it is, and nothing else", async () => {
  await agrees(async (dir, { events, gaps, segments }) => {
    const { code, told: said } = await told(() => verify(dir, { json: true }));
    const facts = said as VerifyTold;
    const placesOf = (reasons: (reason: string) => boolean): string[] =>
      facts.faults
        .filter(({ reason }) => reasons(reason))
        .map(({ offset, segment }) => `${segment}:${offset}`);
    expect(placesOf((reason) => reason === "gap")).toEqual(gaps);
    // Generated tables are not all true: whether they are is another matter.
    expect(placesOf((reason) => reason !== "gap" && reason !== "table")).toEqual(
      segments.flatMap(({ corrupt, segment }) => corrupt.map((offset) => `${segment}:${offset}`)),
    );
    expect([facts.events, facts.segments]).toEqual([events.length, segments.length]);
    expect([facts.ok, code]).toEqual(facts.faults.length === 0 ? [true, 0] : [false, 1]);
  });
});

interface LsTold {
  readonly totalBytes: number;
  readonly segments: ReadonlyArray<Record<string, unknown>>;
}

test("ls counts what is in each segment", async () => {
  await agrees(async (dir, { segments }) => {
    const facts = (await told(() => ls(dir, { json: true, utc: true }))).told as LsTold;
    expect(facts.segments).toEqual(
      segments.map(({ bytes, corrupt, events, segment }, index) => ({
        segment,
        bytes,
        state: index === segments.length - 1 ? "live" : "sealed",
        firstSeq: events.at(0)?.seq ?? null,
        lastSeq: events.at(-1)?.seq ?? null,
        events: events.length,
        from: events.at(0)?.at ?? null,
        to: events.at(-1)?.at ?? null,
        boots: [...new Set(events.map(({ boot: id }) => id))],
        corrupt: corrupt.length,
      })),
    );
    expect(facts.totalBytes).toBe(sum(segments.map(({ bytes }) => bytes)));
  });
});

import { optionalSampleFields } from "../event.ts";
import type { JournalMeasurement, ResourceMeasurement } from "../measurement.ts";
import { createCorruptReport } from "./corrupt-report.ts";
import { figure, plural } from "./describe.ts";
import { createFolding, type Measured } from "./fold-journal.ts";
import { createOutput, type Output } from "./output.ts";
import { createProcessStats, type ProcessStats } from "./process-stats.ts";
import { safeJson, safeText } from "./safe-text.ts";
import { createSeries, sparkline, type Series, type SeriesSummary } from "./series.ts";
import { entriesOf, existingJournal } from "./source.ts";
import { writeTable, type Column } from "./table.ts";
import { formatDuration, formatMoment } from "./time.ts";

/** What `stats` was asked for. */
export interface StatsOptions {
  readonly json: boolean;
  readonly utc: boolean;
}

/** What `stats --json` shows. */
interface Stats {
  /** Wall clock of the first and the last event, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Time that the boots' events span, ms of monotonic time: a machine that was off is not observed. */
  readonly observedMs: number;
  readonly events: number;
  readonly boots: number;
  readonly processes: readonly ProcessStats[];
  readonly resources: Readonly<Record<string, SeriesSummary>>;
  /** What is missing: reason -> events. */
  readonly losses: Readonly<Record<string, number>>;
}

/** Shows what processes and the machine did over the whole journal. */
export async function stats(named: string | undefined, options: StatsOptions): Promise<void> {
  const { dir } = await existingJournal(named);
  const output = createOutput(process.stdout);
  const collected = await collect(dir);
  if (options.json) output.line(safeJson(collected, 2));
  else await write(output, collected, options.utc);
  await output.flush();
}

async function collect(dir: string): Promise<Stats> {
  const report = createCorruptReport((text) => process.stderr.write(text));
  const folding = createFolding();
  const processes = createProcessStats();
  const resources = createResourceStats();
  const losses = new Map<string, number>();
  const observed = createObservation();
  for await (const batch of entriesOf(dir)) {
    for (const entry of batch) {
      if (entry.kind === "corrupt") {
        report.tell(entry);
        continue;
      }
      observed.add(entry.event);
      for (const measured of folding.add(entry)) take(measured);
    }
  }
  report.end();
  const seen = observed.result();
  return {
    ...seen,
    processes: processes.result(seen.observedMs),
    resources: resources.result(),
    losses: Object.fromEntries(losses),
  };

  function take({ endsRun, measurement }: Measured): void {
    if (measurement.kind === "process") processes.add(measurement, endsRun);
    else if (measurement.kind === "resource") resources.add(measurement);
    else if (measurement.kind === "journal") noteLoss(losses, measurement);
  }
}

function noteLoss(losses: Map<string, number>, { lostEvents, reason }: JournalMeasurement): void {
  losses.set(reason, (losses.get(reason) ?? 0) + lostEvents);
}

function createObservation(): {
  add(event: { readonly at: number; readonly mono: number; readonly boot: string }): void;
  result(): Pick<Stats, "from" | "to" | "observedMs" | "events" | "boots">;
} {
  let from: number | undefined;
  let to = 0;
  let events = 0;
  let observedMs = 0;
  let last: { readonly mono: number; readonly boot: string } | undefined;
  const boots = new Set<string>();
  return {
    add({ at, boot, mono }) {
      from ??= at;
      to = at;
      events += 1;
      boots.add(boot);
      if (last?.boot === boot) observedMs += Math.max(0, mono - last.mono);
      last = { mono, boot };
    },
    result: () => ({ from: from ?? 0, to, observedMs, events, boots: boots.size }),
  };
}

function createResourceStats(): {
  add(measurement: ResourceMeasurement): void;
  result(): Record<string, SeriesSummary>;
} {
  const series = new Map<string, Series>();
  const note = (name: string, value: number): void => {
    const one = series.get(name) ?? createSeries();
    series.set(name, one);
    one.add(value);
  };
  return {
    add(measurement) {
      for (const name of [
        "cpuPercent",
        "memoryUsedMb",
        "memoryTotalMb",
        "diskUsedPercent",
      ] as const) {
        note(name, measurement[name]);
      }
      for (const name of optionalSampleFields) {
        // -1 stands for a field that the sample did not have.
        if (measurement.optional[name] >= 0) note(name, measurement.optional[name]);
      }
    },
    result: () =>
      Object.fromEntries(
        [...series].flatMap(([name, one]) => {
          const summary = one.summary();
          return summary === null ? [] : [[name, summary]];
        }),
      ),
  };
}

const processColumns: readonly Column[] = [
  { title: "PROCESS", isName: true },
  { title: "KIND" },
  { title: "RUNS", align: "right" },
  { title: "RESTARTS", align: "right" },
  { title: "PER HOUR", align: "right" },
  { title: "P50", align: "right" },
  { title: "P95", align: "right" },
  { title: "MAX", align: "right" },
  { title: "EXITS" },
  { title: "" },
];

const resourceColumns: readonly Column[] = [
  { title: "RESOURCE" },
  { title: "MIN", align: "right" },
  { title: "AVG", align: "right" },
  { title: "MAX", align: "right" },
  { title: "LAST", align: "right" },
  { title: "COURSE" },
];

async function write(output: Output, collected: Stats, utc: boolean): Promise<void> {
  const { boots, events, from, losses, observedMs, processes, resources, to } = collected;
  output.line(
    `${formatMoment(from, utc)} to ${formatMoment(to, utc)}: ${plural(events, "event", "events")}, ` +
      `${plural(boots, "boot", "boots")}, ${formatDuration(observedMs)} observed`,
  );
  const rows = processes.map((one) => processCells(output, one));
  if (rows.length > 0) output.line("");
  if (rows.length > 0) await writeTable(output, processColumns, rows);
  const summaries = Object.entries(resources);
  if (summaries.length > 0) {
    output.line("");
    await writeTable(
      output,
      resourceColumns,
      summaries.map(([name, { avg, course, last, max, min }]) => [
        name,
        ...[min, avg, max, last].map(figure),
        sparkline(course),
      ]),
    );
  }
  const lost = Object.entries(losses);
  if (lost.length > 0) output.line("");
  for (const [reason, count] of lost) {
    output.line(
      output.paint("red", `lost: ${plural(count, "event", "events")}: ${safeText(reason)}`),
    );
  }
}

function processCells(output: Output, one: ProcessStats): string[] {
  const duration = (ms: number | undefined): string =>
    ms === undefined ? "-" : formatDuration(ms);
  const exits = Object.entries(one.exitCodes).map(
    ([code, times]) => `${code === "-1" ? "none" : code}×${times}`,
  );
  if (one.lost > 0) exits.push(`machine-lost×${one.lost}`);
  return [
    safeText(one.process),
    one.kind ?? "-",
    String(one.runs),
    String(one.restarts),
    figure(one.restartsPerHour),
    duration(one.durationMs?.p50),
    duration(one.durationMs?.p95),
    duration(one.durationMs?.max),
    exits.join(" ") || "-",
    one.flapping ? output.paint("red", `flapping: ${one.worstRestarts} in 10 min`) : "",
  ];
}

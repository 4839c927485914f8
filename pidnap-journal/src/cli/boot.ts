import { writeFile } from "node:fs/promises";
import { bootRows, type BootRow } from "./boot-list.ts";
import { bootSvg } from "./boot-svg.ts";
import { bootTimeline, type BootTimeline } from "./boot-timeline.ts";
import { criticalChain } from "./critical-chain.ts";
import { chooseBoot } from "./filter.ts";
import { createOutput, type Output } from "./output.ts";
import { safeJson, safeText } from "./safe-text.ts";
import { existingJournal } from "./source.ts";
import { writeTable } from "./table.ts";
import { formatDuration, formatElapsed, formatMoment } from "./time.ts";

/** What `boot` was asked for. */
export interface BootOptions {
  readonly json: boolean;
  readonly utc: boolean;
  /** One boot, chosen as `cat --boot` does; else all are listed. */
  readonly boot?: string | true | undefined;
  readonly show: "phases" | "blame" | "critical-chain";
  /** File for the chart; `-` is the standard output. */
  readonly svg?: string | undefined;
}

/** Shows the boots, or how one of them came up. */
export async function boot(named: string | undefined, options: BootOptions): Promise<void> {
  const { dir } = await existingJournal(named);
  const output = createOutput(process.stdout);
  const rows = await bootRows(dir);
  const isOne =
    options.boot !== undefined || options.svg !== undefined || options.show !== "phases";
  if (!isOne) {
    await writeList(output, rows, options);
    await output.flush();
    return;
  }
  const ids = rows.map((row) => row.boot);
  const chosen = chooseBoot(ids, options.boot ?? true);
  const row = rows.find(({ boot }) => boot === chosen);
  if (row === undefined) return;
  const timeline = await bootTimeline(dir, chosen, row.firstSeq);
  if (options.svg !== undefined) await writeChart(output, timeline, options.svg, options.utc);
  // A chart on the standard output is all of it.
  if (options.svg !== "-") await writeOne(output, row, timeline, options);
  await output.flush();
}

async function writeChart(
  output: Output,
  timeline: BootTimeline,
  file: string,
  utc: boolean,
): Promise<void> {
  const svg = bootSvg(timeline, utc);
  if (file === "-") output.text(svg);
  else await writeFile(file, svg);
}

async function writeList(
  output: Output,
  rows: readonly BootRow[],
  { json, utc }: BootOptions,
): Promise<void> {
  if (json) {
    output.line(safeJson(rows, 2));
    return;
  }
  const columns = [
    { title: "", align: "right" },
    { title: "BOOT" },
    { title: "FROM" },
    { title: "TO" },
    { title: "LENGTH", align: "right" },
    { title: "READY AFTER", align: "right" },
    { title: "END" },
  ] as const;
  const cells = rows.map((row) => [
    String(row.index),
    safeText(row.boot),
    formatMoment(row.from, utc),
    formatMoment(row.to, utc),
    formatDuration(row.lengthMs),
    row.timeToReadyMs === null ? row.state : formatDuration(row.timeToReadyMs),
    row.end === "lost" ? output.paint("red", row.end) : endOf(row),
  ]);
  await writeTable(output, columns, cells);
}

function endOf({ end, reason }: BootRow): string {
  return reason === null ? end : `${end} (${safeText(reason)})`;
}

async function writeOne(
  output: Output,
  row: BootRow,
  timeline: BootTimeline,
  { json, show, utc }: BootOptions,
): Promise<void> {
  if (json) {
    const facts = { ...row, ...timeline, criticalChain: criticalChain(timeline) };
    output.line(safeJson(facts, 2));
    return;
  }
  if (show === "blame") await writeBlame(output, timeline);
  else if (show === "critical-chain") writeChain(output, timeline);
  else await writePhases(output, row, timeline, utc);
}

async function writePhases(
  output: Output,
  row: BootRow,
  timeline: BootTimeline,
  utc: boolean,
): Promise<void> {
  const { bootedMs, originAt, readyMs, tasksMs } = timeline;
  const took =
    row.timeToReadyMs === null ? row.state : `ready after ${formatElapsed(row.timeToReadyMs)}`;
  output.line(`boot ${safeText(row.boot)}: ${took}, ${endOf(row)}`);
  output.line(`entrypoint at ${formatMoment(originAt, utc)}`);
  output.line("");
  const start = bootedMs ?? 0;
  const phases = [
    ["entrypoint", bootedMs === null ? null : 0, bootedMs, "until pidnap ran"],
    ["tasks", tasksMs === null ? null : start, tasksMs, "until all tasks had ended"],
    ["ready", readyMs === null ? null : start, readyMs, "until the daemon reported ready"],
  ] as const;
  await writeTable(
    output,
    [
      { title: "PHASE" },
      { title: "FROM", align: "right" },
      { title: "TO", align: "right" },
      { title: "TOOK", align: "right" },
      { title: "" },
    ],
    phases.map(([name, from, to, what]) => {
      if (from === null || to === null) return [name, "-", "-", "-", `${what}: not seen`];
      return [name, ...[from, to, Math.max(0, to - from)].map(formatElapsed), what];
    }),
  );
}

/** Who took how long: tasks first, the longest first, since only they are done at some time. */
async function writeBlame(output: Output, { processes }: BootTimeline): Promise<void> {
  const rank = (kind: string | null): number => (kind === "task" ? 0 : 1);
  const rows = processes
    .filter(({ startedMs }) => startedMs !== null)
    .toSorted((a, b) => rank(a.kind) - rank(b.kind) || b.ranMs - a.ranMs)
    .map(({ endedMs, kind, process, ranMs, startedMs }) => [
      formatDuration(ranMs),
      safeText(process),
      kind ?? "-",
      formatElapsed(startedMs ?? 0),
      endedMs === null ? "runs" : formatElapsed(endedMs),
    ]);
  await writeTable(
    output,
    [
      { title: "RAN", align: "right" },
      { title: "PROCESS", isName: true },
      { title: "KIND" },
      { title: "FROM", align: "right" },
      { title: "TO", align: "right" },
    ],
    rows,
  );
}

function writeChain(output: Output, timeline: BootTimeline): void {
  const { bootedMs, readyMs, tasksMs } = timeline;
  const moment = (ms: number | null): string => (ms === null ? "never" : `@${formatElapsed(ms)}`);
  output.line(`ready ${moment(readyMs)}, tasks completed ${moment(tasksMs)}`);
  const chain = criticalChain(timeline);
  for (const [depth, { endedMs, process, startedMs }] of chain.entries()) {
    const took = `+${formatDuration(endedMs - startedMs)}`;
    output.line(`${"  ".repeat(depth)}└─${safeText(process)} ${moment(startedMs)} ${took}`);
  }
  output.line(`${"  ".repeat(chain.length)}└─pidnap ${moment(bootedMs)}`);
}

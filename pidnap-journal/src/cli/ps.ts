import { setTimeout as delay } from "node:timers/promises";
import type { FoldState, ProcessEntry } from "../fold/state.ts";
import type { JournalEntry } from "../reader/entry.ts";
import { compareCodePoints } from "../utf8.ts";
import { createCorruptReport } from "./corrupt-report.ts";
import { plural } from "./describe.ts";
import { createFolding, type Folding } from "./fold-journal.ts";
import { interruption } from "./interruption.ts";
import { createOutput, type Output } from "./output.ts";
import { safeJson, safeText } from "./safe-text.ts";
import { entriesOf, existingJournal } from "./source.ts";
import { writeTable, type Column } from "./table.ts";
import { formatDuration, formatMoment } from "./time.ts";

/** What `ps` was asked for. */
export interface PsOptions {
  readonly json: boolean;
  readonly utc: boolean;
  readonly watch: boolean;
  /** The table as it was then, ms since the epoch. */
  readonly atMs?: number | undefined;
  /** The table as it was after this position. */
  readonly seq?: number | undefined;
}

/** One process as `ps --json` shows it; what is not known is null. */
interface ProcessRow {
  readonly process: string;
  readonly state: string;
  readonly kind: string | null;
  readonly restarts: number;
  /** When the state was entered, ms since the epoch. */
  readonly since: number | null;
  /** Begin of the open run, else of the last one, ms since the epoch. */
  readonly startedAt: number | null;
  /** End of the last run where none is open, ms since the epoch. */
  readonly stoppedAt: number | null;
  /** Length of the last run where none is open, ms of monotonic time. */
  readonly durationMs: number | null;
  /** Length of the open run up to the moment shown. */
  readonly uptimeMs: number | null;
  /** Of the last run that ended by itself. */
  readonly exitCode: number | null;
  /** False where events were lost since the process was last heard of. */
  readonly believed: boolean;
}

/** What the table is made from, and how. */
interface Showing {
  readonly dir: string;
  readonly options: PsOptions;
  readonly output: Output;
  readonly folding: Folding;
  readonly exitCodes: Map<string, number | null>;
}

/** Shows the table of processes. */
export async function ps(named: string | undefined, options: PsOptions): Promise<void> {
  const { dir } = await existingJournal(named);
  const output = createOutput(process.stdout);
  const report = createCorruptReport((text) => process.stderr.write(text));
  const showing = { dir, options, output, folding: createFolding(), exitCodes: new Map() };
  const { signal, dispose } = interruption(options.watch);
  try {
    for await (const batch of entriesOf(dir, { follow: options.watch, signal })) {
      for (const entry of batch) {
        if (isBeyond(entry, options)) return await finish("inside");
        if (entry.kind === "corrupt") report.tell(entry);
        noteExits(showing.exitCodes, showing.folding, entry);
      }
      if (batch.length === 0) await redraw(showing);
    }
    return options.watch ? undefined : await finish("end");
  } finally {
    dispose();
    report.end();
  }

  async function finish(where: Where): Promise<void> {
    await write(showing, where);
    await output.flush();
  }
}

/** Whether the table is the one at the journal's end, or one that others followed upon. */
type Where = "inside" | "end";

function isBeyond(entry: JournalEntry, { atMs, seq }: PsOptions): boolean {
  if (entry.kind === "corrupt") return false;
  return entry.event.at > (atMs ?? Infinity) || entry.event.seq > (seq ?? Infinity);
}

/** Keeps the exit code of each process's last run, which the table of the fold does not have. */
function noteExits(
  exitCodes: Map<string, number | null>,
  folding: Folding,
  entry: JournalEntry,
): void {
  const { boot } = folding.state;
  const measured = folding.add(entry);
  if (folding.state.boot !== boot) exitCodes.clear();
  for (const { endsRun, measurement } of measured) {
    if (measurement.kind !== "process" || measurement.boot !== folding.state.boot) continue;
    const { exitCode, process: name, state } = measurement;
    if (state === "removed") exitCodes.delete(name);
    else if (endsRun) exitCodes.set(name, exitCode === -1 ? null : exitCode);
  }
}

async function redraw(showing: Showing): Promise<void> {
  const { options, output } = showing;
  // Clears by drawing over: the screen does not flicker, and what was above stays in the scrollback.
  if (output.isTerminal && !options.json) output.text("\u001b[H\u001b[J");
  await write(showing, "end");
  await output.flush();
  await delay(200);
}

async function write(showing: Showing, where: Where): Promise<void> {
  const { exitCodes, folding, options, output } = showing;
  const { last, state } = folding;
  const { isWritten, ms: nowMs } = await momentShown(showing, where);
  const rows = state.processes
    .map((entry) => rowOf(entry, state, nowMs, exitCodes.get(entry.name) ?? null))
    .toSorted((a, b) => compareCodePoints(a.process, b.process));
  if (options.json) {
    output.line(safeJson(rows, 2));
    return;
  }
  await writeTable(
    output,
    columns,
    rows.map((row) => cellsOf(row, output, options.utc)),
  );
  if (!output.isTerminal || last === undefined) return;
  const moment = formatMoment(last.at, options.utc);
  const count = plural(rows.length, "process", "processes");
  const ago = isWritten
    ? `${formatDuration(Math.max(0, nowMs - last.at))} before`
    : "and nobody has written since: uptimes end there";
  output.line(output.paint("dim", `\n${count}; last event #${last.seq} at ${moment}, ${ago}`));
}

/**
 * The moment that uptimes reach to. At a journal's end that is now, or what was asked for, only while
 * somebody writes it: whether a process still runs when its writer does not, nobody knows.
 */
async function momentShown(
  { dir, folding, options }: Showing,
  where: Where,
): Promise<{ readonly ms: number; readonly isWritten: boolean }> {
  const lastMs = folding.state.last.at;
  if (where === "inside") return { ms: options.atMs ?? lastMs, isWritten: true };
  const { isBeingWritten } = await import("./writer-now.ts");
  if (!isBeingWritten(dir)) return { ms: lastMs, isWritten: false };
  const isPast = options.seq !== undefined;
  return { ms: isPast ? lastMs : Math.min(options.atMs ?? Infinity, Date.now()), isWritten: true };
}

function rowOf(
  entry: ProcessEntry,
  state: FoldState,
  nowMs: number,
  exitCode: number | null,
): ProcessRow {
  const { believed, kind, lastRun, name, restarts, run, since, state: processState } = entry;
  // Monotonic up to the last event, since wall clocks jump; what passed after it only the wall clock knows.
  const sinceLastMs = Math.max(0, nowMs - state.last.at);
  const uptimeMs = run === null ? null : Math.max(0, state.last.mono - run.mono) + sinceLastMs;
  return {
    process: name,
    state: processState,
    kind,
    restarts,
    since: believed ? since.at : null,
    startedAt: run?.at ?? lastRun?.startedAt ?? null,
    stoppedAt: run === null ? (lastRun?.stoppedAt ?? null) : null,
    durationMs: run === null ? (lastRun?.durationMs ?? null) : null,
    uptimeMs,
    exitCode,
    believed,
  };
}

const columns: readonly Column[] = [
  { title: "PROCESS", isName: true },
  { title: "STATE" },
  { title: "SINCE" },
  { title: "UPTIME", align: "right" },
  { title: "LAST RUN", align: "right" },
  { title: "RESTARTS", align: "right" },
  { title: "EXIT", align: "right" },
  { title: "KIND" },
];

function cellsOf(row: ProcessRow, output: Output, utc: boolean): string[] {
  const doubt = row.believed ? "" : "?";
  return [
    safeText(row.process),
    paintState(output, row.state) + doubt,
    row.since === null ? "-" : formatMoment(row.since, utc),
    row.uptimeMs === null ? "-" : formatDuration(row.uptimeMs),
    row.durationMs === null ? "-" : formatDuration(row.durationMs),
    String(row.restarts),
    row.exitCode === null ? "-" : String(row.exitCode),
    row.kind ?? "-",
  ];
}

function paintState(output: Output, state: string): string {
  const text = safeText(state);
  if (state === "running") return output.paint("green", text);
  if (state === "crash-loop-backoff" || state === "max-restarts-reached") {
    return output.paint("red", text);
  }
  return state === "restarting" ? output.paint("yellow", text) : text;
}

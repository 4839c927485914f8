import { stat } from "node:fs/promises";
import { join } from "node:path";
import { defaultMaxTotalBytes } from "../limits.ts";
import type { JournalEntry } from "../reader/entry.ts";
import { plural } from "./describe.ts";
import { createOutput } from "./output.ts";
import { safeJson } from "./safe-text.ts";
import { entriesOf, existingJournal } from "./source.ts";
import { writeTable, type Column } from "./table.ts";
import { formatMoment } from "./time.ts";

/** What `ls` was asked for. */
export interface LsOptions {
  readonly json: boolean;
  readonly utc: boolean;
  /** What the journal's total is compared with, bytes. */
  readonly limit?: number | undefined;
}

/** One segment as `ls --json` shows it; null where it holds no event. */
interface SegmentRow {
  readonly segment: string;
  state: "sealed" | "live";
  firstSeq: number | null;
  lastSeq: number | null;
  events: number;
  /** Wall clock of the first and the last event, ms since the epoch. */
  from: number | null;
  to: number | null;
  bytes: number;
  /** Ids of the boots, in their order. */
  boots: string[];
  /** Pieces that are not events. */
  corrupt: number;
}

/** Shows the segments. */
export async function ls(named: string | undefined, options: LsOptions): Promise<void> {
  const { dir, segments } = await existingJournal(named);
  const rows = new Map(segments.map((segment) => [segment, emptyRow(segment)]));
  for await (const batch of entriesOf(dir)) {
    for (const entry of batch) {
      // One that was born while we read.
      const row = rows.get(entry.segment) ?? emptyRow(entry.segment);
      rows.set(entry.segment, row);
      note(row, entry);
    }
  }
  const list = [...rows.values()];
  for (const row of list) {
    row.bytes = await bytesOf(join(dir, row.segment));
    row.state = row === list.at(-1) ? "live" : "sealed";
  }
  await write(list, options);
}

function emptyRow(segment: string): SegmentRow {
  return {
    segment,
    state: "sealed",
    firstSeq: null,
    lastSeq: null,
    events: 0,
    from: null,
    to: null,
    bytes: 0,
    boots: [],
    corrupt: 0,
  };
}

function note(row: SegmentRow, entry: JournalEntry): void {
  if (entry.kind === "corrupt") {
    row.corrupt += 1;
    return;
  }
  const { at, boot, seq } = entry.event;
  row.firstSeq ??= seq;
  row.lastSeq = seq;
  row.from ??= at;
  row.to = at;
  row.events += 1;
  if (!row.boots.includes(boot)) row.boots.push(boot);
}

async function bytesOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    // Retention took it while we read.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

const columns: readonly Column[] = [
  { title: "SEGMENT" },
  { title: "FIRST", align: "right" },
  { title: "LAST", align: "right" },
  { title: "FROM" },
  { title: "TO" },
  { title: "SIZE", align: "right" },
  { title: "BOOTS", align: "right" },
  { title: "CORRUPT", align: "right" },
  { title: "STATE" },
];

async function write(rows: readonly SegmentRow[], options: LsOptions): Promise<void> {
  const output = createOutput(process.stdout);
  const totalBytes = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  const limitBytes = options.limit ?? defaultMaxTotalBytes;
  if (options.json) {
    output.line(safeJson({ segments: rows, totalBytes, limitBytes }, 2));
  } else {
    const moment = (ms: number | null): string =>
      ms === null ? "-" : formatMoment(ms, options.utc);
    await writeTable(
      output,
      columns,
      rows.map((row) => [
        row.segment,
        String(row.firstSeq ?? "-"),
        String(row.lastSeq ?? "-"),
        moment(row.from),
        moment(row.to),
        formatBytes(row.bytes),
        String(row.boots.length),
        row.corrupt === 0 ? "-" : output.paint("red", String(row.corrupt)),
        row.state,
      ]),
    );
    const percent = Math.round((totalBytes / limitBytes) * 100);
    const count = plural(rows.length, "segment", "segments");
    const limit = options.limit === undefined ? "the default limit" : "the limit";
    output.line(
      `${count}, ${formatBytes(totalBytes)}: ${percent}% of ${limit} of ${formatBytes(limitBytes)}`,
    );
  }
  await output.flush();
}

/** Bytes with the greatest unit that keeps a digit before the point. */
function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? amount : amount.toFixed(1)} ${units[unit]}`;
}

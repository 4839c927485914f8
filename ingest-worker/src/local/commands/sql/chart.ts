import { plot } from "simple-ascii-chart";
import { UsageError } from "../../errors.ts";
import { printable } from "../printable.ts";
import type { AnswerColumn, Cell, SqlAnswer } from "./answer.ts";
import { formatCell, formatTime } from "./format-cell.ts";
import type { Steps } from "./question.ts";

/** How a chart is drawn. */
export interface ChartOptions {
  /** Characters of a line. */
  readonly width: number;
  /** The columns to draw; default: the first number and all of its unit. */
  readonly columns?: readonly string[];
  /** The steps that the answer is in, where that is known: counts are 0 where there is no row. */
  readonly steps?: Steps | undefined;
}

type Point = [timeMs: number, value: number];

interface Series {
  readonly label: string;
  readonly column: AnswerColumn;
  readonly points: readonly Point[];
}

/** More charts than these nobody looks through. */
const maxCharts = 6;
const chartLines = 8;

/** An answer as charts over time, one a series. Throws UsageError where it is no time series. */
export function chartOf(answer: SqlAnswer, options: ChartOptions): string {
  const all = seriesOf(answer, options)
    .filter(({ points }) => points.length > 0)
    .sort((a, b) => highest(b) - highest(a));
  if (all.length === 0) return "There is nothing to draw: no row, or none with a number.";
  const charts = all.slice(0, maxCharts).map((series) => drawn(series, options));
  const left = all.length - charts.length;
  if (left > 0) charts.push(`${left} more ${left === 1 ? "series is" : "series are"} left out.`);
  return charts.join("\n\n");
}

function seriesOf(
  { columns, rows }: SqlAnswer,
  { columns: wanted, steps }: ChartOptions,
): Series[] {
  const timeAt = columns.findIndex((column, at) => isTime(column, rows, at));
  if (timeAt < 0) {
    throw new UsageError(
      "The answer has no column of times: there is nothing to draw it over.",
      "Leave --chart out, or ask a query that has time_ms.",
    );
  }
  const drawnAt = chosenColumns(columns, timeAt, wanted);
  const labelsAt = columns.flatMap(({ numeric }, at) => (numeric || at === timeAt ? [] : [at]));
  const groups = Map.groupBy(rows, (row) => labelsAt.map((at) => String(row[at])).join(" · "));
  return [...groups].flatMap(([label, some]) =>
    drawnAt.map(({ column, at }) => {
      const points = some.flatMap((row): Point[] => {
        const value = row[at];
        return typeof value === "number" ? [[timeMs(row[timeAt] ?? null), value]] : [];
      });
      const name = label === "" ? column.name : `${label}: ${column.name}`;
      const whole = column.unit === "count" && steps !== undefined ? filled(points, steps) : points;
      return { label: name, column, points: whole.toSorted(([a], [b]) => a - b) };
    }),
  );
}

/** A DateTime, the times of the catalogue's series, or numbers that can only be ms since the epoch. */
function isTime(column: AnswerColumn, rows: SqlAnswer["rows"], at: number): boolean {
  // Other times of the catalogue say when something was last, which is no axis.
  if (column.unit !== undefined) return column.unit === "time" && column.name === "time_ms";
  if (column.dateTime) return true;
  return column.numeric && rows.every((row) => Number(row[at]) > 1e11 && Number(row[at]) < 1e14);
}

function timeMs(cell: Cell): number {
  return typeof cell === "string" ? Date.parse(`${cell.replace(" ", "T")}Z`) : (cell ?? 0);
}

function chosenColumns(
  columns: readonly AnswerColumn[],
  timeAt: number,
  wanted: readonly string[] | undefined,
): { readonly column: AnswerColumn; readonly at: number }[] {
  const numbers = columns
    .map((column, at) => ({ column, at }))
    .filter(({ column, at }) => column.numeric && column.unit !== "time" && at !== timeAt);
  const names = numbers.map(({ column }) => column.name);
  const unknown = wanted?.find((name) => !names.includes(name));
  if (unknown !== undefined || numbers.length === 0) {
    throw new UsageError(
      unknown === undefined ? "The answer has no numbers." : `There is no number ${unknown} in it.`,
      names.length === 0 ? "Leave --chart out." : `--columns can be ${names.join(", ")}.`,
    );
  }
  if (wanted !== undefined) return numbers.filter(({ column }) => wanted.includes(column.name));
  return numbers.filter(({ column }) => column.unit === numbers[0]?.column.unit);
}

/** A point for each step: nothing counted is 0. */
function filled(points: readonly Point[], { fromMs, toMs, stepMs }: Steps): Point[] {
  const values = new Map(points);
  const whole: Point[] = [];
  for (let at = Math.floor(fromMs / stepMs) * stepMs; at < toMs; at += stepMs) {
    whole.push([at, values.get(at) ?? 0]);
  }
  return whole;
}

function drawn({ label, column, points }: Series, { width }: ChartOptions): string {
  const top = Math.max(...points.map(([, value]) => value), 0);
  const bottom = Math.min(...points.map(([, value]) => value), 0);
  // A flat line at 0 needs some height too.
  const yRange: [number, number] = [bottom, top === bottom ? bottom + 1 : top];
  const ticks = [yRange[0], (yRange[0] + yRange[1]) / 2, yRange[1]];
  const labelWidth = Math.max(...ticks.map((tick) => formatCell(tick, column.unit).length));
  const times = points.map(([time]) => time);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const text = plot([...points], {
    title: `${printable(label)}, ${formatTime(first)} to ${formatTime(last)} UTC`,
    width: Math.max(20, width - labelWidth - 6),
    height: chartLines,
    yRange,
    customYAxisTicks: ticks,
    customXAxisTicks: timeTicks(times),
    formatter: (value, { axis }) =>
      axis === "x"
        ? tickText(value, last - first)
        : // The library makes room for some of the labels only; equal ones all fit.
          formatCell(value, column.unit).padStart(labelWidth),
  });
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/** About four times, that points stand at. */
function timeTicks(times: readonly number[]): number[] {
  const share = (part: number) => times[Math.round((times.length - 1) * part)] ?? 0;
  return [...new Set([0, 0.25, 0.5, 0.75].map(share))];
}

function tickText(ms: number, rangeMs: number): string {
  const text = formatTime(ms);
  return rangeMs <= 86_400_000 ? text.slice(11, 16) : text.slice(5, 16);
}

function highest({ points }: Series): number {
  return Math.max(...points.map(([, value]) => value));
}

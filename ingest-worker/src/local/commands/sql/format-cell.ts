import type { ColumnUnit } from "../../../catalogue/index.ts";

/** A number as people read it, by its unit; as it is where the unit says nothing. */
export function formatCell(value: number, unit: ColumnUnit | undefined): string {
  switch (unit) {
    case "time":
      return value === 0 ? "" : formatTime(value);
    case "ms":
      return formatMs(value);
    case "percent":
      return `${trimmed(value)} %`;
    case "mb":
      return `${trimmed(value)} MB`;
    case "count":
    case "number":
    case "ratio":
    case "bytes":
      return trimmed(value);
    case "text":
    case undefined:
      return String(value);
  }
}

/** A time in UTC, to the second. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").slice(0, 19);
}

const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A duration by one unit, short enough for an axis. */
function formatMs(ms: number): string {
  const [name, size] = units.find(([, size]) => Math.abs(ms) >= size) ?? ["ms", 1];
  return `${trimmed(ms / size)} ${name}`;
}

/** At most two decimals, and none that say nothing. */
function trimmed(value: number): string {
  return String(Number(value.toFixed(2)));
}

import { UsageError } from "./errors.ts";

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads "90s", "15m", "1h", "30d" as ms. Throws UsageError for anything else, zero included. */
export function parseDurationMs(text: string, option: string): number {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  const unit = match?.[2] as keyof typeof unitMs | undefined;
  const ms = unit === undefined ? 0 : Number(match?.[1]) * unitMs[unit];
  if (ms > 0) return ms;
  throw new UsageError(
    `${option} ${JSON.stringify(text)} is not a duration.`,
    "Write a whole number and s, m, h or d, such as 90s or 30d.",
  );
}

/** A duration for people: its two largest units. Ms in. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 1) return `${Math.max(0, Math.round(ms))} ms`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86_400) {
    return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  }
  return `${Math.floor(seconds / 86_400)} d ${Math.floor((seconds % 86_400) / 3600)} h`;
}

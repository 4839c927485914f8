/** Reads and writes amounts with their units, as people type and read them. */

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `"500ms"`, `"120s"`, `"2m"`, `"1h"`, `"7d"`, `"0"` as ms; undefined for anything else. */
export function parseDurationMs(text: string): number | undefined {
  if (/^0+$/.test(text)) return 0;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  const factor = unitMs[match?.[2] ?? ""];
  return factor === undefined ? undefined : Math.round(Number(match?.[1]) * factor);
}

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** `"65536"`, `"512KiB"`, `"64 MiB"`, `"1GiB"` as bytes; undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?(B|KiB|MiB|GiB)?$/.exec(text.trim());
  const factor = unitBytes[match?.[2] ?? "B"];
  if (match === null || factor === undefined) return undefined;
  return Math.round(Number(match[1]) * factor);
}

/** ms as a short text: `"350 ms"`, `"12.5 s"`, `"3 h 20 min"`. */
export function formatDurationMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** Bytes as a short text: `"512 B"`, `"1.4 MiB"`. */
export function formatBytes(bytes: number): string {
  const units = Object.keys(unitBytes);
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : Math.round(amount * 10) / 10} ${units[power] ?? "B"}`;
}

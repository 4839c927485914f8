/** Times as people write and read them. */

const units = new Map<string, number>([
  ["ms", 1],
  ["s", 1000],
  ["sec", 1000],
  ["second", 1000],
  ["m", 60_000],
  ["min", 60_000],
  ["minute", 60_000],
  ["h", 3_600_000],
  ["hr", 3_600_000],
  ["hour", 3_600_000],
  ["d", 86_400_000],
  ["day", 86_400_000],
  ["w", 604_800_000],
  ["week", 604_800_000],
]);

/**
 * A moment as `journalctl` takes it: `2026-08-01 12:00[:30[.5]]`, `2026-08-01`, ISO 8601 with a zone,
 * `12:00` (today), `now`, `today`, `yesterday`, `tomorrow`, `-15min`, `+1h`, `2h ago`, `@1764715553`.
 *
 * @param utc whether a time without a zone is in UTC, else it is local
 * @returns ms since the epoch, or undefined where `text` is none of these
 */
export function parseMoment(text: string, nowMs: number, utc: boolean): number | undefined {
  const trimmed = text.trim();
  return (
    parseEpoch(trimmed) ??
    parseDay(trimmed.toLowerCase(), nowMs, utc) ??
    parseRelative(trimmed.toLowerCase(), nowMs) ??
    parseClock(trimmed, nowMs, utc) ??
    parseDate(trimmed, utc)
  );
}

function parseEpoch(text: string): number | undefined {
  const seconds = /^@(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function parseDay(text: string, nowMs: number, utc: boolean): number | undefined {
  if (text === "now") return nowMs;
  const days = ["yesterday", "today", "tomorrow"].indexOf(text) - 1;
  return days === -2 ? undefined : midnight(nowMs, utc, days);
}

function parseRelative(text: string, nowMs: number): number | undefined {
  const [, sign, spans, ago] =
    /^([+-]?)\s*((?:\d+(?:\.\d+)?\s*[a-z]+\s*)+?)(\bago)?$/.exec(text) ?? [];
  if (spans === undefined || (sign === "") === (ago === undefined)) return undefined;
  let totalMs = 0;
  for (const [, amount, name = ""] of spans.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const unitMs = units.get(name) ?? units.get(name.replace(/s$/, ""));
    if (unitMs === undefined) return undefined;
    totalMs += Number(amount) * unitMs;
  }
  return sign === "+" ? nowMs + totalMs : nowMs - totalMs;
}

function parseClock(text: string, nowMs: number, utc: boolean): number | undefined {
  if (!/^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text)) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = text.split(":").map(Number);
  if (hours > 23 || minutes > 59 || seconds >= 60) return undefined;
  const day = new Date(nowMs);
  const ms = Math.round(seconds * 1000);
  return utc ? day.setUTCHours(hours, minutes, 0, ms) : day.setHours(hours, minutes, 0, ms);
}

function parseDate(text: string, utc: boolean): number | undefined {
  const pattern =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;
  const [, date, clock = "00:00", zone] = pattern.exec(text) ?? [];
  if (date === undefined) return undefined;
  const offset = zone === undefined ? (utc ? "Z" : "") : zone.toUpperCase().replace("UTC", "Z");
  const ms = Date.parse(`${date}T${clock}${offset.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2")}`);
  return Number.isNaN(ms) ? undefined : ms;
}

function midnight(nowMs: number, utc: boolean, days: number): number {
  const day = new Date(nowMs);
  return utc
    ? Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + days)
    : new Date(day.getFullYear(), day.getMonth(), day.getDate() + days).getTime();
}

/** `2026-08-01 12:00:30.500`, local, or in UTC with a `Z`. */
export function formatMoment(ms: number, utc: boolean): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return "?";
  if (utc) return date.toISOString().replace("T", " ");
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${clock}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** A length of time with its two greatest units: `340ms`, `12.3s`, `4m 5s`, `3h 2m`, `2d 4h`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, 60, "m", "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(minutes, 60, "h", "m");
  return pair(Math.round(minutes / 60), 24, "d", "h");
}

/** The same to a tenth of a second, for what is compared with its neighbours: `1h 47m 3.2s`. */
export function formatElapsed(ms: number): string {
  if (ms < 59_950) return formatDuration(ms);
  const tenths = Math.round(ms / 100);
  const minutes = Math.floor(tenths / 600);
  const seconds = (tenths % 600) / 10;
  const rest = seconds === 0 ? [] : [`${seconds}s`];
  if (minutes < 60) return [`${minutes}m`, ...rest].join(" ");
  const hours = Math.floor(minutes / 60);
  return [`${hours}h`, ...(minutes % 60 === 0 ? [] : [`${minutes % 60}m`]), ...rest].join(" ");
}

function pair(total: number, per: number, big: string, small: string): string {
  const rest = total % per;
  return `${Math.floor(total / per)}${big}${rest === 0 ? "" : ` ${rest}${small}`}`;
}

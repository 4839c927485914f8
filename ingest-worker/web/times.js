/** Times back from now that can be chosen, and what they are called. */
export const presets = new Map([
  ["15m", "Last 15 minutes"],
  ["1h", "Last hour"],
  ["6h", "Last 6 hours"],
  ["24h", "Last 24 hours"],
  ["7d", "Last 7 days"],
  ["30d", "Last 30 days"],
]);

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The ms of a text such as 6h, or undefined. */
export function durationMs(text) {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * unitMs[unit];
}

/** A time of the address, in ms since the epoch: `now`, a time back, ms, or an instant; undefined where it is none. */
export function timeOf(text, now) {
  if (text === "now") return now;
  const backMs = durationMs(text);
  if (backMs !== undefined) return now - backMs;
  const ms = /^\d{1,13}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Steps that a person can read off an axis, ms. */
const stepsMs = [
  10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000,
  14_400_000, 21_600_000, 43_200_000, 86_400_000, 172_800_000, 604_800_000,
];

/** The step that divides a range into at most so many parts. */
export function stepFor(rangeMs, parts) {
  return stepsMs.find((step) => rangeMs / step <= parts) ?? stepsMs.at(-1);
}

/** Marks for an axis of so many px, at whole local times: their ms since the epoch. */
export function ticksFor(from, to, widthPx) {
  const step = stepFor(to - from, Math.max(2, Math.floor(widthPx / 90)));
  const zoneMs = new Date(from).getTimezoneOffset() * 60_000;
  const ticks = [];
  for (let at = Math.ceil((from - zoneMs) / step) * step + zoneMs; at <= to; at += step) {
    ticks.push(at);
  }
  return ticks;
}

const timeOfDay = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const timeWithSeconds = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** A mark's text: the time of day, with the day where an axis has several. */
export function tickText(ms, from, to) {
  const range = to - from;
  if (range <= 600_000) return timeWithSeconds.format(ms);
  if (range <= 86_400_000) return timeOfDay.format(ms);
  return range <= 4 * 86_400_000 ? `${day.format(ms)} ${timeOfDay.format(ms)}` : day.format(ms);
}

/** The value of a datetime-local input. */
export function toInputTime(ms) {
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

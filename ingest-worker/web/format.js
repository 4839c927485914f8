const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** A duration by its two largest units. */
export function duration(ms) {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const at = units.findIndex(([, size]) => ms >= size);
  const [unit, size] = units[at];
  const whole = Math.floor(ms / size);
  const next = units[at + 1];
  const rest = next === undefined ? 0 : Math.floor((ms - whole * size) / next[1]);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${next[0]}`;
}

/** How long ago something was: in seconds for a minute, then in minutes. */
export function ago(ms, now) {
  const passed = now - ms;
  if (passed < 1000) return "just now";
  return `${duration(passed - (passed % (passed < 60_000 ? 1000 : 60_000)))} ago`;
}

/** A duration for the mark of an axis: one unit, as short as can be. */
export function shortDuration(ms) {
  const [unit, size] = units.find(([, size]) => ms >= size) ?? ["ms", 1];
  return `${Math.round((ms / size) * 10) / 10} ${unit}`;
}

/** What marks of an axis of durations lie apart, ms. */
export const durationStepsMs = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000, 86_400_000,
  172_800_000, 604_800_000, 2_592_000_000,
];

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export function moment(ms) {
  return clock.format(ms);
}

/** The time of day alone. */
export function clockTime(ms) {
  return timeOfDay.format(ms);
}

export function megabytes(mb) {
  return Math.abs(mb) >= 1024 ? `${(mb / 1024).toFixed(1)} GB` : `${Math.round(mb)} MB`;
}

const plain = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });

export function number(value) {
  return plain.format(value);
}

export function percent(value) {
  return `${plain.format(Math.round(value * 10) / 10)} %`;
}

/** Signals that end processes, by the number that an exit code above 128 holds. */
const signals = new Map([
  [1, "SIGHUP"],
  [2, "SIGINT"],
  [3, "SIGQUIT"],
  [4, "SIGILL"],
  [6, "SIGABRT"],
  [7, "SIGBUS"],
  [8, "SIGFPE"],
  [9, "SIGKILL"],
  [11, "SIGSEGV"],
  [13, "SIGPIPE"],
  [14, "SIGALRM"],
  [15, "SIGTERM"],
]);

/** What an exit code says, as far as it says anything. */
export function exitText(code, signal = "") {
  const name = signal === "" ? signals.get(code - 128) : signal;
  if (code === -1) return name ?? "no code";
  return name === undefined ? String(code) : `${code} ${name}`;
}

const formats = {
  ms: duration,
  time: moment,
  percent,
  ratio: (value) => percent(value * 100),
  mb: megabytes,
  bytes: (value) => megabytes(value / 1_048_576),
  count: number,
  number,
  text: String,
};

/** How a column's values are shown, by its unit. */
export function formatFor(unit) {
  return formats[unit] ?? String;
}

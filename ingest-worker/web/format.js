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

export function ago(ms, now) {
  const passed = now - ms;
  return passed < 1000 ? "just now" : `${duration(passed - (passed % 1000))} ago`;
}

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function moment(ms) {
  return clock.format(ms);
}

export function megabytes(mb) {
  return mb >= 1024 ? `${(mb / 1024).toFixed(1)} GB` : `${Math.round(mb)} MB`;
}

/** What an exit code says, as far as it says anything. */
export function exitText(code, signal) {
  if (signal !== "") return signal;
  if (code === -1) return "no code";
  return code > 128 && code < 160 ? `${code} (signal ${code - 128})` : String(code);
}

/**
 * When PID 1 started: pidnap does not know, but the kernel does. `btime` of /proc/stat is not used: it
 * is rounded to seconds and drifts with the wall clock.
 */

/** Clock ticks a second in /proc: USER_HZ is 100 on every architecture that Node runs on. */
const ticksPerSecond = 100;

/**
 * @param uptime content of /proc/uptime, @param stat content of /proc/1/stat
 * @param nowMs wall clock when they were read
 * @returns ms since the epoch, or undefined where the files do not say it
 */
export function entrypointStart(uptime: string, stat: string, nowMs: number): number | undefined {
  const upSeconds = Number.parseFloat(uptime);
  const startTicks = startTicksOf(stat);
  if (!Number.isFinite(upSeconds) || startTicks === undefined) return undefined;
  const ageMs = (upSeconds - startTicks / ticksPerSecond) * 1000;
  // Some containers are shown an uptime of their own beside the host's start times: of no use together.
  return ageMs < 0 ? undefined : nowMs - ageMs;
}

/** Field 22. The name, field 2, is in parentheses and may itself hold spaces and parentheses. */
function startTicksOf(stat: string): number | undefined {
  const behindName = stat.slice(stat.lastIndexOf(")") + 1).trim();
  const field = behindName.split(/\s+/)[19];
  if (field === undefined || !/^\d+$/.test(field)) return undefined;
  return Number(field);
}

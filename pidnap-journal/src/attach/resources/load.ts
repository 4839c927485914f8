/** Load of the last minute from /proc/loadavg, or undefined where it does not say it. */
export function parseLoadavg(text: string): number | undefined {
  const first = /^(\d+\.\d+) /.exec(text)?.[1];
  return first === undefined ? undefined : Number(first);
}

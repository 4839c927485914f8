import { spawn } from "node:child_process";

/**
 * Takes pids of workerd, one a line, until its input ends, which comes when the process that started
 * it ends, in whatever way; kills the last one then. Where none was said yet, workerd was still being
 * started: its pid is in the file `$1`, at once or a moment later.
 */
const script = `
trap '' INT TERM HUP
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then kill -KILL "$pid" 2>/dev/null; exit; fi
for _ in 1 2; do
  [ -r "$1" ] && kill -KILL "$(cat "$1")" 2>/dev/null
  sleep 1
done`;

/** A watch over this process. */
export interface Watchdog {
  /** Says which process to end with this one. */
  watch(workerdPid: number): void;
  /** Ends the watch. */
  stop(): Promise<void>;
}

/**
 * Sees to it that workerd ends with this process: it does not notice when that one is killed
 * outright, and would go on holding the port and the objects' storage, so that the next start fails.
 */
export function startWatchdog(workerdPidFile: string): Watchdog {
  const child = spawn("/bin/sh", ["-c", script, "sh", workerdPidFile], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    // Where there is no shell there is no watch, and nothing else is lost.
    child.once("error", () => resolve());
  });
  child.stdin.on("error", () => {
    // It has ended already, killed by somebody: as above.
  });
  child.unref();
  if ("unref" in child.stdin) (child.stdin as { unref(): void }).unref();
  return {
    watch(workerdPid) {
      child.stdin.write(`${workerdPid}\n`);
    },
    async stop() {
      child.ref();
      child.kill("SIGKILL");
      await gone;
    },
  };
}

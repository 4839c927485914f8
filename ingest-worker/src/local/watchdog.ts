import { spawn } from "node:child_process";

/**
 * Waits for the end of its input, which comes when the process that started it ends, in whatever
 * way, and ends workerd then. `$1` names the file with workerd's pid.
 */
const script = `trap '' INT TERM HUP; read -r _; kill -KILL "$(cat "$1")" 2>/dev/null`;

/**
 * Watches over this process: workerd does not notice when it is killed outright, and would go on
 * holding the port and the objects' storage, so that the next start fails. Gives the function that
 * ends the watch.
 */
export function startWatchdog(workerdPidFile: string): () => Promise<void> {
  const child = spawn("/bin/sh", ["-c", script, "sh", workerdPidFile], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    // Where there is no shell there is no watch, and nothing else is lost.
    child.once("error", () => resolve());
  });
  child.unref();
  if (child.stdin !== null && "unref" in child.stdin) (child.stdin as { unref(): void }).unref();
  return async () => {
    child.ref();
    child.kill("SIGKILL");
    await gone;
  };
}

import { pathToFileURL } from "node:url";
import type { RunOptions } from "../settings.ts";

/** How a process runs that waits all day: its collector can be called, and it has no compilers until it needs some. */
const liveFlags = ["--expose-gc", "--no-opt", "--no-maglev", "--no-sparkplug"];

/**
 * Replaces this process by the runner, under the same pid: the command line's libraries and the
 * memory they took go with it, which is a twentieth of what an idle shipper may have. A run that is
 * to end soon, or a system that cannot replace a process, has the runner in this one.
 *
 * @param runner path of the runner's script
 */
export async function becomeRunner(runner: string, options: RunOptions): Promise<void> {
  // No secret is in it: the token comes from its file.
  const settings = JSON.stringify(options);
  if (!options.once && process.platform !== "win32" && process.execve !== undefined) {
    const args = [...liveFlags, ...process.execArgv, runner, settings];
    process.execve(process.execPath, [process.execPath, ...args], definedOnly(process.env));
  }
  process.argv = [process.execPath, runner, settings];
  await import(pathToFileURL(runner).href);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

import { pathToFileURL } from "node:url";
import type { ShipOptions } from "../ship.ts";
import { settingsText } from "../settings.ts";

/**
 * Bounds the young generation: what is read
 * lives in buffers of its own, so that nothing large is ever young.
 */
const alwaysFlags = ["--max-semi-space-size=1", "--expose-gc"];
/** A shipper that waits all day has no use for compilers; `engine.ts` turns them on to catch up. */
const liveFlags = ["--no-opt", "--no-maglev", "--no-sparkplug"];

/**
 * Replaces this process by the runner, under the same pid: the command line's libraries and the
 * memory they took go with it, which is a twentieth of what an idle shipper may have. Where the
 * system cannot replace a process, the runner runs in this one.
 *
 * @param runner path of the runner's script
 */
export async function becomeRunner(runner: string, options: ShipOptions): Promise<void> {
  const settings = settingsText(options);
  if (process.platform !== "win32" && process.execve !== undefined) {
    const flags = options.once ? alwaysFlags : [...alwaysFlags, ...liveFlags];
    const args = [...flags, ...process.execArgv, runner, settings];
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

import { tableLines } from "./cli/table.ts";
import { nodeFs as fs } from "./disk/node-fs.ts";
import { codeOf } from "./disk/segments.ts";
import { messageOf } from "./message.ts";
import { conclude } from "./status/conclude.ts";
import { findOut, type StatusOptions } from "./status/findings.ts";
import { processStart } from "./status/process-start.ts";
import { statusRows } from "./status/rows.ts";

/**
 * The command `status`: tells what a shipper does, also while none runs. A file of its own in the
 * bundle, since `run` has no use for what it loads.
 *
 * @returns the exit code
 */
export async function status(options: StatusOptions & { readonly json: boolean }): Promise<number> {
  const nowMs = Date.now();
  try {
    const report = conclude(await findOut({ fs, now: () => nowMs, isAlive }, options));
    const lines = options.json
      ? [JSON.stringify(report, undefined, 2)]
      : tableLines(statusRows(report, nowMs));
    process.stdout.write(`${lines.join("\n")}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  }
}

async function isAlive(pid: number, start: string | undefined): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is a process too.
    if (codeOf(error) !== "EPERM") return false;
  }
  const now = await processStart(fs, pid);
  return start === undefined || now === undefined || start === now;
}

import type { ShipperFs } from "../world.ts";

/**
 * When a process began, in the system's own count since its boot; undefined where the system does
 * not say. With it a process is told from a later one that was given its pid.
 */
export async function processStart(
  fs: Pick<ShipperFs, "readFile">,
  pid: number | "self",
): Promise<string | undefined> {
  try {
    const stat = Buffer.from(await fs.readFile(`/proc/${pid}/stat`)).toString("utf8");
    // The command's name stands in brackets and may hold anything; the 22nd field is the 20th behind it.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    // No such process, or a system without /proc: the pid alone has to do.
    return undefined;
  }
}

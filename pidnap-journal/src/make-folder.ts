import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it where they are missing. Node's own recursive way never comes
 * back where a folder exists that nothing can be made in, such as /proc. Throws the file system's error.
 *
 * @returns the uppermost folder that was made; undefined where all were there
 */
export function makeFolder(path: string, mode: number): string | undefined {
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EEXIST" && statSync(path).isDirectory()) return undefined;
    const parent = dirname(path);
    if (code !== "ENOENT" || existsSync(parent)) throw error;
    const uppermost = makeFolder(parent, mode);
    mkdirSync(path, { mode });
    return uppermost ?? path;
  }
}

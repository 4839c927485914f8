import fs from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it where they are missing; others may do the same at the same time.
 * Node's own recursive way never comes back where a folder exists that nothing can be made in, such
 * as /proc. Throws the file system's error.
 *
 * @returns the uppermost folder that was made; undefined where all were there
 */
export function makeFolder(path: string, mode: number): string | undefined {
  try {
    return makeOne(path, mode);
  } catch (error) {
    const parent = dirname(path);
    if (codeOf(error) !== "ENOENT" || parent === path) throw error;
    const uppermost = makeFolder(parent, mode);
    const made = makeOne(path, mode);
    return uppermost ?? made;
  }
}

/** Undefined where the folder was there. */
function makeOne(path: string, mode: number): string | undefined {
  try {
    fs.mkdirSync(path, { mode });
    return path;
  } catch (error) {
    if (codeOf(error) === "EEXIST" && fs.statSync(path).isDirectory()) return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

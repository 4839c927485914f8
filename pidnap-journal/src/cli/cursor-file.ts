import { readFile, rename, writeFile } from "node:fs/promises";
import { JournalOptionError } from "../errors.ts";

/** The last position shown before, or undefined where the file is not there yet. @throws {JournalOptionError} */
export async function readCursor(path: string): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const seq = Number(text.trim());
  if (Number.isSafeInteger(seq) && seq > 0) return seq;
  throw new JournalOptionError(
    `The cursor file ${path} does not hold a position.`,
    "Remove it to begin anew, or name another file.",
  );
}

/** Keeps the last position shown; whole or not at all, whatever stops it. */
export async function writeCursor(path: string, seq: number): Promise<void> {
  const written = `${path}.${process.pid}.tmp`;
  await writeFile(written, `${seq}\n`);
  await rename(written, path);
}

import { codeOf } from "../disk/segments.ts";
import type { ShipperFs } from "../world.ts";

/**
 * Replaces a file as a whole: whoever reads it, whenever, sees the old content or the new one.
 * The content is on the disk before the name points to it.
 */
export async function replaceFile(fs: ShipperFs, path: string, content: string): Promise<void> {
  const temporary = temporaryOf(path);
  const bytes = Buffer.from(content, "utf8");
  const file = await fs.open(temporary, "w", 0o640);
  try {
    let written = 0;
    while (written < bytes.length) {
      written += (await file.write(bytes, written, bytes.length - written)).bytesWritten;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await fs.rename(temporary, path);
}

/**
 * Forces a file's name to the disk: until then a power cut may bring back the file that was there
 * before. Where a file system refuses that for a directory, it keeps its names in its own way.
 */
export async function keepName(fs: ShipperFs, path: string): Promise<void> {
  const directory = await fs.open(path.slice(0, path.lastIndexOf("/")) || "/", "r");
  try {
    await directory.sync();
  } catch (error) {
    if (codeOf(error) !== "EINVAL") throw error;
  } finally {
    await directory.close();
  }
}

/** Rejects where `replaceFile` could not write: better found at the start than with the first change. */
export async function canReplace(fs: ShipperFs, path: string): Promise<void> {
  await (await fs.open(temporaryOf(path), "a", 0o640)).close();
}

function temporaryOf(path: string): string {
  return `${path}.tmp`;
}

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

/** Rejects where `replaceFile` could not write: better found at the start than with the first change. */
export async function canReplace(fs: ShipperFs, path: string): Promise<void> {
  await (await fs.open(temporaryOf(path), "a", 0o640)).close();
}

function temporaryOf(path: string): string {
  return `${path}.tmp`;
}

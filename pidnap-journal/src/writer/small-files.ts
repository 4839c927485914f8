import type { WriterFs } from "./environment.ts";
import { isMissing } from "./file-errors.ts";

/** The first `maxBytes` of a file as text; undefined where there is none. @throws what else the file system throws */
export function readSmallFile(fs: WriterFs, path: string, maxBytes: number): string | undefined {
  let fd: number;
  try {
    fd = fs.openSync(path, "r");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const buffer = Buffer.alloc(maxBytes);
    return buffer.toString("utf8", 0, fs.readSync(fd, buffer, 0, maxBytes, 0));
  } finally {
    fs.closeSync(fd);
  }
}

/** Removes a file whose staying would harm nobody. Whether it is gone now. */
export function removeQuietly(fs: WriterFs, path: string): boolean {
  try {
    fs.unlinkSync(path);
    return true;
  } catch (error) {
    return isMissing(error);
  }
}

/** Forces a directory's names to the disk. @throws what the file system throws; some refuse it with EINVAL */
export function syncDirectory(fs: WriterFs, path: string): void {
  const fd = fs.openSync(path, "r");
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

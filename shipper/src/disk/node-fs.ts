import type { FileHandle } from "node:fs/promises";
import { makeFolder } from "pidnap-journal";
import type { FileStat, ShipperFile, ShipperFs } from "../world.ts";

const fs = process.getBuiltinModule("node:fs");

/** A read of at least this many bytes belongs to a backlog. */
const bulkBytes = 256 * 1024;

/** To open a named pipe would else wait for its other end for ever. Some systems have none to wait for. */
const readFlags =
  fs.constants.O_RDONLY | ((fs.constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0);

/** The real disk. */
export const nodeFs: ShipperFs = {
  readdir: (path) => fs.promises.readdir(path),
  stat: (path) => fs.promises.stat(path),
  open: async (path, flags, mode) =>
    nodeFile(await fs.promises.open(path, flags === "r" ? readFlags : flags, mode)),
  readFile: (path) => fs.promises.readFile(path),
  mkdir: async (path, { mode }) => makeFolder(path, mode),
  rename: (from, to) => fs.promises.rename(from, to),
};

function nodeFile(handle: FileHandle): ShipperFile {
  return {
    read: (buffer, offset, length, position) =>
      length < bulkBytes
        ? handle.read(buffer, offset, length, position)
        : readHere(handle.fd, buffer, offset, length, position),
    write: (buffer, offset, length) => handle.write(buffer, offset, length),
    // Of an open file the system knows this by heart: another thread would only be in the way.
    stat: async (): Promise<FileStat> => fs.fstatSync(handle.fd),
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

/**
 * Reads in this thread, between two turns of the event loop. A megabyte from the page cache takes
 * 0.15 ms. To wake another thread for it takes as long where the server has the other core, and what
 * that thread has read is then in the wrong core's cache: a backlog would take longer to read than to send.
 */
async function readHere(
  fd: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
): Promise<{ readonly bytesRead: number }> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  return { bytesRead: fs.readSync(fd, buffer, offset, length, position) };
}

import type { Deflate, Gzip } from "node:zlib";

/**
 * Gzip with one compressor for all bodies. A fresh one each, as `zlib.gzip` makes it, is 270 KB of
 * memory that the collector does not see: catching up, a hundred of them lie about.
 */
export function nodeGzip(): (bytes: Uint8Array) => Promise<Uint8Array> {
  const zlib = process.getBuiltinModule("node:zlib");
  // Gzip is deflate with a header, and Node resets it as such; its types leave that out.
  const compressor = zlib.createGzip() as Gzip & Pick<Deflate, "reset">;
  return (bytes) =>
    new Promise((resolve, reject) => {
      compressor.once("error", reject);
      compressor.write(bytes);
      compressor.flush(zlib.constants.Z_FINISH, () => {
        compressor.off("error", reject);
        const pieces: Buffer[] = [];
        for (let piece = read(); piece !== null; piece = read()) pieces.push(piece);
        compressor.reset();
        resolve(Buffer.concat(pieces));
      });
    });

  function read(): Buffer | null {
    return compressor.read() as Buffer | null;
  }
}

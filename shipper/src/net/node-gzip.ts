import type { Deflate, Gzip } from "node:zlib";

/**
 * Gzip with one compressor for all bodies, one body at a time. A fresh one each, as `zlib.gzip` makes
 * it, is 270 KB of memory that the collector does not see: catching up, a hundred of them lie about.
 */
export function nodeGzip(): (bytes: Uint8Array) => Promise<Uint8Array> {
  const zlib = process.getBuiltinModule("node:zlib");
  // Gzip is deflate with a header, and Node resets it as such; its types leave that out.
  const compressor = zlib.createGzip() as Gzip & Pick<Deflate, "reset">;
  let pieces: Buffer[] = [];
  // Taken as it comes: with more than its buffer holds and nobody to take it, the compressor stops
  // for ever.
  compressor.on("data", (piece: Buffer) => pieces.push(piece));
  return (bytes) =>
    new Promise((resolve, reject) => {
      compressor.once("error", reject);
      compressor.write(bytes);
      compressor.flush(zlib.constants.Z_FINISH, () => {
        compressor.off("error", reject);
        // What is still in its buffer goes to the same listener.
        while (compressor.read() !== null);
        compressor.reset();
        const whole = Buffer.concat(pieces);
        pieces = [];
        resolve(whole);
      });
    });
}

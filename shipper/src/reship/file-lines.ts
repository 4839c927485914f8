import { Readable, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { JournalVersionError, type LossReason } from "pidnap-journal";
import { frame, lineOfRun, type Framed } from "../core/frame.ts";
import { parseLine } from "../core/line-head.ts";
import type { RecordedLine } from "../core/wire-lines.ts";
import { codeOf } from "../disk/segments.ts";
import { NothingToSendError } from "../errors.ts";
import type { ShipperFs } from "../world.ts";

/** Bytes read from a file at once. */
const chunkBytes = 256 * 1024;
const gzipMagic = [0x1f, 0x8b];

/** What a piece of a file holds. */
export interface FileLines {
  readonly lines: readonly RecordedLine[];
  /** Lines that are no events; a last line without its end is one too. */
  readonly corrupt: number;
}

/** The lines of a file, compressed or not, a piece at a time. */
export async function* linesOfFile(fs: ShipperFs, path: string): AsyncGenerator<FileLines> {
  let rest: Uint8Array = new Uint8Array(0);
  let skipping = false;
  let isFirst = true;
  for await (const chunk of plainChunks(fs, path)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const framed = frame(bytes, { thorough: false, skipping });
    skipping = framed.skipping;
    rest = bytes.subarray(framed.restAt);
    const found = read(framed.items);
    // A writer never changes its version within a journal: elsewhere it is a damaged line.
    if (isFirst && found.version !== undefined) throw new JournalVersionError(path, found.version);
    isFirst &&= found.lines.length === 0;
    yield found;
  }
  if (rest.length > 0) yield { lines: [], corrupt: 1 };
}

/** @returns the version of a line of another format too, where no event comes before it */
function read(items: readonly Framed[]): FileLines & { readonly version: number | undefined } {
  const lines: RecordedLine[] = [];
  let corrupt = 0;
  let version: number | undefined;
  for (const item of items) {
    if (item.kind !== "run") {
      corrupt += 1;
      if (item.kind === "other-version" && lines.length === 0) version ??= item.version;
      continue;
    }
    let start = item.start;
    for (const [index, end] of item.ends.entries()) {
      const line = recordedLine(lineOfRun(item, index), item.bytes.subarray(start, end));
      if (line === undefined) corrupt += 1;
      else lines.push(line);
      start = end;
    }
  }
  return { lines, corrupt, version };
}

function recordedLine(text: Uint8Array, bytes: Uint8Array): RecordedLine | undefined {
  const parsed = parseLine(text);
  if (parsed.kind !== "line") return undefined;
  const { head } = parsed;
  const plain: RecordedLine = { kind: "line", head, through: head.seq, bytes, lost: undefined };
  if (head.type !== "events.lost") return plain;
  const { through, reason } = JSON.parse(new TextDecoder().decode(text)) as Record<string, unknown>;
  // What does not say how far it reaches stands for itself; whether that is an event is for the server to say.
  if (typeof through !== "number" || !Number.isSafeInteger(through)) return plain;
  return { ...plain, through: Math.max(head.seq, through), lost: String(reason) as LossReason };
}

async function* plainChunks(fs: ShipperFs, path: string): AsyncGenerator<Uint8Array> {
  if (!(await isGzip(fs, path))) {
    yield* chunksOf(fs, path);
    return;
  }
  const unzipped = createGunzip({ chunkSize: chunkBytes });
  // A fault of either end comes out of the other one.
  pipeline(Readable.from(chunksOf(fs, path)), unzipped, () => undefined);
  try {
    yield* unzipped as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (codeOf(error)?.startsWith("Z_") !== true) throw error;
    const hint = "Make it anew: it was cut off or damaged after it had been compressed.";
    throw new NothingToSendError(path, "is no whole gzip file", hint, error);
  }
}

async function isGzip(fs: ShipperFs, path: string): Promise<boolean> {
  const file = await fs.open(path, "r");
  try {
    const start = new Uint8Array(gzipMagic.length);
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    return bytesRead === gzipMagic.length && gzipMagic.every((byte, at) => start[at] === byte);
  } finally {
    await file.close();
  }
}

async function* chunksOf(fs: ShipperFs, path: string): AsyncGenerator<Uint8Array> {
  const file = await fs.open(path, "r");
  try {
    for (let offset = 0; ;) {
      const buffer = Buffer.allocUnsafeSlow(chunkBytes);
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

import { openBytes, withDeadline } from "./byte-reader.ts";
import type { After, ByteReader } from "./byte-reader.ts";
import {
  bodyDeadlineMs,
  discardDeadlineMs,
  gzipSlackBytes,
  inflateStepBytes,
  maxDiscardedBytes,
} from "./limits.ts";
import type { RefusalOf } from "./refusal.ts";

export interface BodyLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

type BodyRefusal = RefusalOf<
  | "unsupported-content-type"
  | "unsupported-content-encoding"
  | "too-large"
  | "not-gzip"
  | "incomplete-body"
>;

export type BodyRead =
  | { readonly kind: "body"; readonly bytes: Uint8Array<ArrayBuffer> }
  | BodyRefusal;

/**
 * Reads a batch's body, never holding more of it than the limits say, whatever its sender claims, nor
 * longer than `bodyDeadlineMs`.
 */
export async function readBody(
  request: Request,
  limits: BodyLimits,
  after: After,
): Promise<BodyRead> {
  const { maxEvents, maxBytes } = limits;
  if (!isNdjson(request.headers.get("content-type"))) return { kind: "unsupported-content-type" };
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding !== "gzip" && encoding !== "identity") {
    return { kind: "unsupported-content-encoding" };
  }
  const sentBytesMax = encoding === "gzip" ? maxBytes + gzipSlackBytes : maxBytes;
  const promisedBytes = contentLength(request);
  if (promisedBytes > sentBytesMax) return { kind: "too-large", maxEvents, maxBytes };
  if (request.body === null) return { kind: "body", bytes: new Uint8Array() };
  using source = withDeadline(openBytes(request.body), bodyDeadlineMs, after);
  const bytes =
    encoding === "gzip"
      ? await inflate(source, sentBytesMax, maxBytes, promisedBytes)
      : await collect(source, maxBytes, promisedBytes).catch(() => "incomplete-body" as const);
  if (bytes instanceof Uint8Array) return { kind: "body", bytes };
  await discard(source);
  return bytes === "too-large" ? { kind: bytes, maxEvents, maxBytes } : { kind: bytes };
}

/**
 * Takes a refused body off the wire, within reason: a sender that is cut off while it still writes
 * sees a broken connection, and not the answer.
 */
export async function discardBody(request: Request, after: After): Promise<void> {
  if (request.body === null || request.bodyUsed || request.body.locked) return;
  if (contentLength(request) > maxDiscardedBytes) return;
  using source = withDeadline(openBytes(request.body), discardDeadlineMs, after);
  await discard(source);
}

/** What the sender says; 0 where it says nothing that can be used. */
function contentLength(request: Request): number {
  const bytes = Number(request.headers.get("content-length") ?? 0);
  return bytes > 0 ? bytes : 0;
}

const ndjson = "application/x-ndjson";

/** NDJSON's type, with a charset of UTF-8 or none. */
function isNdjson(contentType: string | null): boolean {
  if (contentType === ndjson) return true;
  const [type, ...parameters] = (contentType ?? "").toLowerCase().split(";");
  return (
    type?.trim() === ndjson &&
    parameters.every((parameter) => {
      const [key, value] = parameter.split("=").map((part) => part.trim());
      return key !== "charset" || value === "utf-8" || value === '"utf-8"';
    })
  );
}

/**
 * All that comes, where it is no more than `maxBytes`, in a buffer of about its own size. What the
 * sender says of its length is a first guess and nothing more.
 */
async function collect(
  reader: ByteReader,
  maxBytes: number,
  guessedBytes: number,
): Promise<Uint8Array<ArrayBuffer> | "too-large"> {
  const firstBytes = guessedBytes > 0 ? guessedBytes + 1 : firstBufferBytes;
  let buffer = new ArrayBuffer(Math.min(firstBytes, maxBytes + 1));
  let filled = 0;
  for (;;) {
    // One byte more than may come, so that one read shows that too much came.
    if (filled === buffer.byteLength) buffer = grown(buffer, maxBytes + 1);
    const read = await reader.readInto(new Uint8Array(buffer, filled));
    if (read === "overflow") return "too-large";
    buffer = read.bytes.buffer;
    filled += read.bytes.length;
    if (filled > maxBytes) return "too-large";
    // A call to the object takes the whole buffer along, so that only a tight one may stay.
    if (read.done) {
      return filled + 1 >= buffer.byteLength
        ? new Uint8Array(buffer, 0, filled)
        : new Uint8Array(buffer.slice(0, filled));
    }
  }
}

/** Bytes of the buffer that a body of unknown length is read into at first. */
const firstBufferBytes = 32 * 1024;

/** How much smaller journal lines get in gzip, about: what a first guess at their length goes by. */
const usualCompression = 8;

function grown(buffer: ArrayBuffer, maxBytes: number): ArrayBuffer {
  const larger = new Uint8Array(Math.min(buffer.byteLength * 2, maxBytes));
  larger.set(new Uint8Array(buffer));
  return larger.buffer;
}

async function inflate(
  source: ByteReader,
  sentBytesMax: number,
  maxBytes: number,
  guessedBytes: number,
): Promise<Uint8Array<ArrayBuffer> | "too-large" | "not-gzip" | "incomplete-body"> {
  const inflater = new DecompressionStream("gzip");
  const plain = openBytes(inflater.readable as ReadableStream<Uint8Array>);
  const feeding = feed(source, inflater.writable.getWriter(), sentBytesMax, guessedBytes);
  try {
    const bytes = await collect(plain, maxBytes, guessedBytes * usualCompression);
    if (bytes === "too-large") await plain.cancel();
    const fed = await feeding;
    return fed === "too-large" || fed === "incomplete-body" ? fed : bytes;
  } catch {
    // The decompressor's faults are the sender's: bytes that are not gzip, or end too early.
    const fed = await feeding;
    return fed === "too-large" || fed === "incomplete-body" ? fed : "not-gzip";
  }
}

/**
 * Hands the body on in small steps, until it ends or the decompressor takes no more. What goes wrong
 * with the decompressor is told by its other end.
 */
async function feed(
  source: ByteReader,
  inflater: WritableStreamDefaultWriter,
  sentBytesMax: number,
  guessedBytes: number,
): Promise<"all" | "too-large" | "incomplete-body" | "refused"> {
  const firstBytes = guessedBytes > 0 ? guessedBytes + 1 : readBytes;
  let buffer = new ArrayBuffer(Math.min(firstBytes, readBytes));
  let sentBytes = 0;
  try {
    for (;;) {
      const read = await source.readInto(new Uint8Array(buffer)).catch(() => "broken" as const);
      if (typeof read !== "string") sentBytes += read.bytes.length;
      if (typeof read === "string" || sentBytes > sentBytesMax) {
        // Its other end would else wait for what never comes.
        await inflater.abort();
        return read === "broken" ? "incomplete-body" : "too-large";
      }
      const { bytes, done } = read;
      for (let at = 0; at < bytes.length; at += inflateStepBytes) {
        await inflater.write(bytes.slice(at, at + inflateStepBytes));
      }
      if (done) break;
      buffer = bytes.buffer;
    }
    await inflater.close();
    return "all";
  } catch {
    // Told by the other end.
    return "refused";
  }
}

const readBytes = 65_536;

async function discard(source: ByteReader): Promise<void> {
  let buffer = new ArrayBuffer(readBytes);
  let left = maxDiscardedBytes;
  try {
    while (left > 0) {
      const read = await source.readInto(new Uint8Array(buffer));
      if (read === "overflow") break;
      if (read.done) return;
      left -= read.bytes.length;
      buffer = read.bytes.buffer;
    }
    await source.cancel();
  } catch {
    // The sender has gone, or sends too slowly to be waited for: no more of it is wanted. With a read
    // under way that may take as long as the sender likes, and can fail as the read did.
    source.cancel().catch(() => undefined);
  }
}

import { gzipSlackBytes, inflateStepBytes } from "./limits.ts";
import type { RefusalOf } from "./refusal.ts";

export interface BodyLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export type BodyRefusal = RefusalOf<
  "unsupported-content-type" | "unsupported-content-encoding" | "too-large" | "not-gzip"
>;

export type BodyRead = { readonly kind: "body"; readonly bytes: Uint8Array } | BodyRefusal;

/** Reads a batch's body, never holding more of it than the limits say, whatever its sender claims. */
export async function readBody(request: Request, limits: BodyLimits): Promise<BodyRead> {
  if (!isNdjson(request.headers.get("content-type"))) return { kind: "unsupported-content-type" };
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding !== "gzip" && encoding !== "identity") {
    return { kind: "unsupported-content-encoding" };
  }
  const tooLarge: BodyRefusal = { kind: "too-large", ...limits };
  const sentBytesMax = encoding === "gzip" ? limits.maxBytes + gzipSlackBytes : limits.maxBytes;
  if (Number(request.headers.get("content-length") ?? 0) > sentBytesMax) return tooLarge;
  if (request.body === null) return { kind: "body", bytes: new Uint8Array() };
  const sent = new Meter(sentBytesMax);
  if (encoding === "identity") {
    return (await collect(request.body.getReader(), sent)) ?? tooLarge;
  }
  return inflate(request.body, sent, limits, tooLarge);
}

/** `application/x-ndjson`, with a charset of UTF-8 or none. */
function isNdjson(contentType: string | null): boolean {
  const [type, ...parameters] = (contentType ?? "").toLowerCase().split(";");
  return (
    type?.trim() === "application/x-ndjson" &&
    parameters.every((parameter) => {
      const [key, value] = parameter.split("=").map((part) => part.trim());
      return key !== "charset" || value === "utf-8" || value === '"utf-8"';
    })
  );
}

/** Counts bytes against a limit. */
class Meter {
  #bytes = 0;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether these bytes too are within the limit. */
  takes(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= this.#max;
  }
}

type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel">;

/** All that comes, or undefined, the source cancelled, where it is more than the meter takes. */
async function collect(
  reader: Reader,
  meter: Meter,
): Promise<{ readonly kind: "body"; readonly bytes: Uint8Array } | undefined> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!meter.takes(value.length)) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(value);
    total += value.length;
  }
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return { kind: "body", bytes: only };
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return { kind: "body", bytes };
}

async function inflate(
  body: ReadableStream<Uint8Array>,
  sent: Meter,
  limits: BodyLimits,
  tooLarge: BodyRefusal,
): Promise<BodyRead> {
  const inflater = new DecompressionStream("gzip");
  const source = body.getReader();
  const feeding = feed(source, inflater.writable.getWriter(), sent);
  try {
    const plain = await collect(inflater.readable.getReader(), new Meter(limits.maxBytes));
    if (plain === undefined) {
      await source.cancel();
      return tooLarge;
    }
    return (await feeding) === "all" ? plain : tooLarge;
  } catch {
    // The decompressor's faults are the sender's: bytes that are not gzip, or end too early.
    const fed = await feeding;
    if (fed === "too-much") return tooLarge;
    await source.cancel();
    return { kind: "not-gzip" };
  }
}

/** Hands the body on in small steps. Never throws: what the decompressor refuses, its reader learns. */
async function feed(
  source: Reader,
  inflater: WritableStreamDefaultWriter,
  sent: Meter,
): Promise<"all" | "too-much" | "refused"> {
  try {
    for (;;) {
      const { done, value } = await source.read();
      if (done) break;
      if (!sent.takes(value.length)) {
        await source.cancel();
        await inflater.abort();
        return "too-much";
      }
      for (let at = 0; at < value.length; at += inflateStepBytes) {
        await inflater.write(value.subarray(at, at + inflateStepBytes));
      }
    }
    await inflater.close();
    return "all";
  } catch {
    // Reported by the decompressor's other end, which `collect` reads.
    return "refused";
  }
}

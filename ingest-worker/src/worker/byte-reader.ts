/** What one read brought: the view's beginning, filled, its buffer moved; or more than the view takes. */
type BytesRead = { readonly done: boolean; readonly bytes: Uint8Array<ArrayBuffer> } | "overflow";

/** Reads a stream of bytes into a buffer of one's own. */
export interface ByteReader {
  /** Fills the view's beginning with what is there; with nothing at the end. */
  readonly readInto: (view: Uint8Array<ArrayBuffer>) => Promise<BytesRead>;
  /** Wants no more of it. */
  readonly cancel: () => Promise<void>;
}

/**
 * Opens a stream. All of workerd's byte streams fill a reader's buffer, so that one read takes all
 * that is there; its other reads take 4 KiB each, the decompressor runs ahead of them, and a bomb
 * unfolds inside it.
 */
export function openBytes(stream: ReadableStream<Uint8Array>): ByteReader {
  const filling = fillingReader(stream);
  if (filling !== undefined) {
    return {
      readInto: (view) => fill(filling, view),
      cancel: () => filling.cancel(),
    };
  }
  const chunks = stream.getReader();
  return {
    async readInto(view) {
      const { done, value } = await chunks.read();
      if (done) return { done, bytes: view.subarray(0, 0) };
      if (value.length > view.length) return "overflow";
      view.set(value);
      return { done, bytes: view.subarray(0, value.length) };
    },
    cancel: () => chunks.cancel(),
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

interface ReadResult {
  readonly done: boolean;
  readonly value?: Bytes | undefined;
}

/** What is used of a reader that fills a buffer. */
interface FillingReader {
  readonly read: (view: Bytes) => Promise<ReadResult>;
  /** workerd's own: fills the view to its end, or as far as the stream goes. */
  readonly readAtLeast?: (leastBytes: number, view: Bytes) => Promise<ReadResult>;
  readonly cancel: () => Promise<void>;
}

async function fill(reader: FillingReader, view: Bytes): Promise<Exclude<BytesRead, "overflow">> {
  const { length } = view;
  if (reader.readAtLeast === undefined) {
    const { done, value } = await reader.read(view);
    return { done, bytes: value ?? new Uint8Array() };
  }
  // Fewer bytes than asked for are the last ones: no further read is needed to know it.
  const { done, value = new Uint8Array() } = await reader.readAtLeast(length, view);
  return { done: done || value.length < length, bytes: value };
}

function fillingReader(stream: ReadableStream<Uint8Array>): FillingReader | undefined {
  try {
    return stream.getReader({ mode: "byob" });
  } catch {
    // Not a byte stream, which happens outside workerd only.
    return undefined;
  }
}

/** Calls back after so long, ms, unless called off by what it gives. */
export type After = (delayMs: number, callback: () => void) => () => void;

/** A reader whose reads fail once the time is over, however slowly bytes come; to be disposed of. */
export function withDeadline(
  source: ByteReader,
  deadlineMs: number,
  after: After,
): ByteReader & Disposable {
  const { promise: over, reject } = Promise.withResolvers<never>();
  // Nobody may be reading when it is over.
  over.catch(() => undefined);
  const callOff = after(deadlineMs, () =>
    reject(new Error(`A body did not come within ${deadlineMs} ms.`)),
  );
  return {
    readInto: (view) => Promise.race([source.readInto(view), over]),
    cancel: source.cancel,
    [Symbol.dispose]: callOff,
  };
}

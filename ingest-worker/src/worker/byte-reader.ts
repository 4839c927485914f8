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
      async readInto(view) {
        const { done, value } = await filling.read(view);
        return { done, bytes: value ?? new Uint8Array() };
      },
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

function fillingReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: "byob" });
  } catch {
    // Not a byte stream, which happens outside workerd only.
    return undefined;
  }
}

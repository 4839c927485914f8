import { JournalVersionError } from "pidnap-journal";
import { frame, type Run } from "../core/frame.ts";
import { pieceBytes } from "../limits.ts";
import type { ShipperFs } from "../world.ts";
import { isAbsent, type Segment } from "./segments.ts";

/**
 * The runs of one segment from its beginning to its end as it is now, every line parsed; none where it is gone.
 *
 * @throws JournalVersionError where its first event is of another format version
 */
export async function* runsOfSegment(
  fs: ShipperFs,
  segment: Segment,
  bytesAtOnce = pieceBytes,
): AsyncGenerator<Run> {
  let file;
  try {
    file = await fs.open(segment.path, "r");
  } catch (error) {
    if (isAbsent(error)) return;
    throw error;
  }
  try {
    let offset = 0;
    let rest: Uint8Array = new Uint8Array(0);
    let skipping = false;
    let seenEvent = false;
    for (;;) {
      const buffer = Buffer.allocUnsafeSlow(rest.length + bytesAtOnce);
      buffer.set(rest);
      const { bytesRead } = await file.read(buffer, rest.length, bytesAtOnce, offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      const bytes = buffer.subarray(0, rest.length + bytesRead);
      const framed = frame(bytes, { thorough: true, skipping });
      skipping = framed.skipping;
      rest = bytes.subarray(framed.restAt);
      for (const item of framed.items) {
        // A writer never changes its version within a journal: elsewhere it is a damaged line.
        if (item.kind === "other-version" && !seenEvent) {
          throw new JournalVersionError(segment.path, item.version);
        }
        if (item.kind !== "run") continue;
        seenEvent = true;
        yield item;
      }
    }
  } finally {
    await file.close();
  }
}

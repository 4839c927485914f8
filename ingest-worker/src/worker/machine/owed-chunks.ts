import { utf8Bytes } from "pidnap-journal/pure";
import { defaultPointBudget, maxOwedChunkBytes } from "../limits.ts";
import type { DataPoint } from "../points/to-point.ts";

/** Points as one row holds them. */
export interface StoredChunk {
  readonly json: string;
  readonly pointCount: number;
}

/** Splits points into rows: of at most what one invocation gives, and below a row's greatest size. */
export function inChunks(points: readonly DataPoint[]): StoredChunk[] {
  const chunks: StoredChunk[] = [];
  let texts: string[] = [];
  let bytes = 0;
  for (const point of points) {
    const text = JSON.stringify(point);
    const size = utf8Bytes(text) + 1;
    if (texts.length === defaultPointBudget || bytes + size > maxOwedChunkBytes) flush();
    texts.push(text);
    bytes += size;
  }
  flush();
  return chunks;

  function flush(): void {
    if (texts.length > 0) chunks.push({ json: `[${texts.join(",")}]`, pointCount: texts.length });
    texts = [];
    bytes = 0;
  }
}

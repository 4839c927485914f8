/**
 * A body as text, of which no more than some bytes are kept; where there were more, the text has
 * more than `maxBytes` bytes too, so that it is still seen to be too long.
 */
export async function readStart(
  body: AsyncIterable<Uint8Array> | null,
  maxBytes: number,
): Promise<string> {
  const kept: Uint8Array[] = [];
  let keptBytes = 0;
  for await (const piece of body ?? []) {
    // Read to its end all the same: workerd waits for that before it takes the answer.
    if (keptBytes > maxBytes) continue;
    kept.push(piece);
    keptBytes += piece.length;
  }
  return new TextDecoder().decode(Buffer.concat(kept));
}

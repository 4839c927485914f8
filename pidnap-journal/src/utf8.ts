const encoder = new TextEncoder();

/** Units up to which looking for a character beyond ASCII is cheaper than encoding. */
const shortUnits = 256;

/** Bytes that `text` takes in UTF-8. */
export function utf8Bytes(text: string): number {
  return isShortAscii(text) ? text.length : encoder.encode(text).length;
}

function isShortAscii(text: string): boolean {
  if (text.length > shortUnits) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}

/** `text` itself, or as much of its beginning as fits into `maxBytes` with a visible `…` behind it. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || utf8Bytes(text) <= maxBytes) return text;
  const room = maxBytes - utf8Bytes("…");
  const kept = encoder.encodeInto(text, new Uint8Array(Math.max(0, room)));
  return `${text.slice(0, kept.read)}…`;
}

/** Orders strings by code point, as their UTF-8 bytes would be ordered; `<` orders by UTF-16 unit. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let index = 0;
  while (index < length && a.charCodeAt(index) === b.charCodeAt(index)) index += 1;
  if (index === length) return a.length - b.length;
  const left = a.charCodeAt(index);
  const right = b.charCodeAt(index);
  // Surrogates stand for code points above the rest of the basic plane.
  if (isSurrogate(left) !== isSurrogate(right)) return isSurrogate(left) ? 1 : -1;
  return left - right;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

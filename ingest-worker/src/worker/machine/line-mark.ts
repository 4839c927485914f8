import type { LineMark } from "./admit.ts";

const pattern = /^(\d{1,16}):([0-9a-f]{32})$/i;

/** Reads `{seq}:{hash}`; undefined where it is not that. */
export function parseLineMark(text: string): LineMark | undefined {
  const [, seq, hash] = pattern.exec(text.trim()) ?? [];
  return seq === undefined || hash === undefined
    ? undefined
    : { seq: Number(seq), hash: hash.toLowerCase() };
}

export function formatLineMark({ seq, hash }: LineMark): string {
  return `${seq}:${hash}`;
}

const encoder = new TextEncoder();

/** First 32 hex digits of the SHA-256 of a line as sent, without `\n`. */
export async function hashLine(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  let hex = "";
  for (const byte of new Uint8Array(digest, 0, 16)) hex += hexOfByte[byte];
  return hex;
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

import type { CheckedPoint } from "./write-rules.ts";

/** Points as the store takes them: objects of JSON with a comma between them. */
export function encodePoints(points: readonly CheckedPoint[]): string {
  // One call for all of them takes half as long as one for each.
  const text = JSON.stringify(points);
  // A half of a surrogate pair is the one thing that JSON can say and UTF-8 cannot.
  const encoded = text.includes("\\ud") ? JSON.stringify(points, wellFormed) : text;
  return encoded.slice(1, -1);
}

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}

/** Analytics Engine's limits of one point, as the runtime checks them and its pages name them. */
const pointLimits = {
  indexes: 1,
  indexBytes: 96,
  blobs: 20,
  blobBytes: 16_000,
  doubles: 20,
};

/** A point as the store takes it. */
export interface CheckedPoint {
  readonly index1: string;
  readonly blobs: readonly string[];
  readonly doubles: readonly number[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Checks what `writeDataPoint` was given by the platform's rules and gives it the store's shape.
 * Throws a TypeError that says which rule was broken, as the platform does.
 */
export function checkPoint(point: unknown = {}): CheckedPoint {
  if (typeof point !== "object" || point === null) refuse("the point must be an object");
  const { indexes, blobs, doubles } = point as Record<string, unknown>;
  const index = list(indexes, "indexes", pointLimits.indexes).map((value) =>
    text(value, "indexes"),
  );
  const index1 = index[0] ?? "";
  if (longerThan([index1], pointLimits.indexBytes)) {
    refuse(`the index has more than ${pointLimits.indexBytes} bytes`);
  }
  const texts = list(blobs, "blobs", pointLimits.blobs).map((value) => text(value, "blobs"));
  if (longerThan(texts, pointLimits.blobBytes)) {
    refuse(`the blobs have more than ${pointLimits.blobBytes} bytes together`);
  }
  const numbers = list(doubles, "doubles", pointLimits.doubles);
  return { index1, blobs: texts, doubles: numbers.map(finite) };
}

function list(value: unknown, name: string, max: number): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) refuse(`${name} must be an array`);
  if (value.length > max) refuse(`at most ${max} ${name}, ${value.length} were given`);
  return value;
}

function text(value: unknown, name: string): string {
  // Bytes that are no UTF-8 have no place in a column of text; a lone surrogate becomes U+FFFD.
  if (typeof value === "string") return value.isWellFormed() ? value : value.toWellFormed();
  if (value === null) return "";
  if (value instanceof ArrayBuffer) return decoder.decode(value);
  if (value instanceof Uint8Array) return decoder.decode(value);
  return refuse(`${name} holds a ${typeof value}; only strings and buffers are taken`);
}

function finite(value: unknown): number {
  if (typeof value !== "number") {
    return refuse(`doubles holds a ${typeof value}; only numbers are taken`);
  }
  if (!Number.isFinite(value))
    return refuse(`doubles holds ${value}; only finite numbers are taken`);
  return value;
}

function longerThan(texts: readonly string[], maxBytes: number): boolean {
  let units = 0;
  for (const value of texts) units += value.length;
  // A UTF-16 unit has at most 3 bytes of UTF-8: most points are known to fit without encoding.
  if (units * 3 <= maxBytes) return false;
  if (units > maxBytes) return true;
  let bytes = 0;
  for (const value of texts) bytes += encoder.encode(value).length;
  return bytes > maxBytes;
}

function refuse(reason: string): never {
  throw new TypeError(`writeDataPoint(): ${reason}.`);
}

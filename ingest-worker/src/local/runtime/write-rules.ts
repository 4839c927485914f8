import { utf8Bytes } from "pidnap-journal/pure";

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

const decoder = new TextDecoder();

/**
 * Checks what `writeDataPoint` was given by the platform's rules and gives it the store's shape.
 * Throws a TypeError that says which rule was broken, as the platform does.
 */
export function checkPoint(point: unknown = {}): CheckedPoint {
  if (typeof point !== "object" || point === null) refuse("the point must be an object");
  const { indexes, blobs, doubles } = point as Record<string, unknown>;
  const index = texts(indexes, "indexes", pointLimits.indexes);
  if (longerThan(index, pointLimits.indexBytes)) {
    refuse(`the index has more than ${pointLimits.indexBytes} bytes`);
  }
  const checkedBlobs = texts(blobs, "blobs", pointLimits.blobs);
  if (longerThan(checkedBlobs, pointLimits.blobBytes)) {
    refuse(`the blobs have more than ${pointLimits.blobBytes} bytes together`);
  }
  const numbers = list(doubles, "doubles", pointLimits.doubles);
  return { index1: index[0] ?? "", blobs: checkedBlobs, doubles: finite(numbers) };
}

// A copy of each, since the caller may use its arrays again. Copied whole and then looked at by
// index: this runs for every figure of every point, and a list that grows takes twice as long.

/** A copy of a list. */
function list(value: unknown, name: string, max: number): unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) refuse(`${name} must be an array`);
  if (value.length > max) refuse(`at most ${max} ${name}, ${value.length} were given`);
  return value.slice();
}

function texts(value: unknown, name: string, max: number): string[] {
  const items = list(value, name, max);
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index];
    if (typeof item !== "string") items[index] = text(item, name);
  }
  return items as string[];
}

/** What else than a string a blob may be. */
function text(value: unknown, name: string): string {
  // Bytes that are no UTF-8 have no place in a column of text: they become U+FFFD.
  if (value === null) return "";
  if (value instanceof ArrayBuffer) return decoder.decode(value);
  if (value instanceof Uint8Array) return decoder.decode(value);
  return refuse(`${name} holds a ${typeof value}; only strings and buffers are taken`);
}

function finite(values: readonly unknown[]): number[] {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (typeof value !== "number") {
      refuse(`doubles holds a ${typeof value}; only numbers are taken`);
    }
    if (!Number.isFinite(value)) refuse(`doubles holds ${value}; only finite numbers are taken`);
  }
  return values as number[];
}

function longerThan(texts: readonly string[], maxBytes: number): boolean {
  let units = 0;
  for (let index = 0; index < texts.length; index += 1) units += texts[index]?.length ?? 0;
  // A UTF-16 unit has at most 3 bytes of UTF-8: most points are known to fit without encoding.
  if (units * 3 <= maxBytes) return false;
  if (units > maxBytes) return true;
  let bytes = 0;
  for (const value of texts) bytes += utf8Bytes(value);
  return bytes > maxBytes;
}

function refuse(reason: string): never {
  throw new TypeError(`writeDataPoint(): ${reason}.`);
}

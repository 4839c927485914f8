import { cutToBytes, utf8Bytes } from "pidnap-journal/pure";
import { maxBlobsBytes, maxIndexBytes } from "../limits.ts";
import { blobsUsed, columnsByType, commonColumns, doublesUsed, isBlob } from "./columns.ts";
import type { Column, Measured, MeasurementOf, MetricType } from "./columns.ts";

/** One write to Analytics Engine, as `writeDataPoint` takes it. */
export interface DataPoint {
  readonly indexes: [string];
  readonly blobs: string[];
  readonly doubles: number[];
}

/** The point that a measurement becomes, within every limit of Analytics Engine. */
export function toPoint(measured: Measured): DataPoint {
  const layout = layouts[measured.measurement.kind];
  const blobs = layout.blobs.empty.slice();
  for (const { place, value } of layout.blobs.filled) blobs[place] = value(measured);
  const doubles = layout.doubles.empty.slice();
  for (const { place, value } of layout.doubles.filled) {
    const double = value(measured);
    doubles[place] = Number.isFinite(double) ? double : 0;
  }
  const index = cutToBytes(measured.identity.machine, maxIndexBytes);
  return { indexes: [index], blobs: fit(blobs), doubles };
}

interface Filled<Value> {
  readonly place: number;
  readonly value: (of: Measured) => Value;
}

/** A point's list of blobs or doubles: what it is where nothing applies, and what fills which place. */
interface Layout<Value> {
  readonly empty: readonly Value[];
  readonly filled: readonly Filled<Value>[];
}

interface Layouts {
  readonly blobs: Layout<string>;
  readonly doubles: Layout<number>;
}

/** Worked out once, not once a point. */
const layouts: { readonly [Kind in MetricType]: Layouts } = {
  resource: layoutsOf(columnsByType.resource),
  process: layoutsOf(columnsByType.process),
  startup: layoutsOf(columnsByType.startup),
  journal: layoutsOf(columnsByType.journal),
};

function layoutsOf<Kind extends MetricType>(own: readonly Column<MeasurementOf<Kind>>[]): Layouts {
  const blobs: Filled<string>[] = [];
  const doubles: Filled<number>[] = [];
  // The table pairs each type with columns that read that type; TypeScript cannot follow the pairing.
  for (const column of [...commonColumns, ...(own as readonly Column[])]) {
    const place = Number(column.column.replace(/^[a-z]+/, "")) - 1;
    if (isBlob(column)) blobs.push({ place, value: column.value });
    else doubles.push({ place, value: column.value });
  }
  return {
    blobs: { empty: Array<string>(blobsUsed).fill(""), filled: blobs },
    doubles: { empty: Array<number>(doublesUsed).fill(0), filled: doubles },
  };
}

/** Blobs 4 to 8 tell a point from every other: how they are cut depends on nothing but the event. */
const identityBlobs = { from: 3, until: 8 };

/** Bytes for the longest blob of the identity, a reason; the others are bounded by the format. */
const maxIdentityBlobBytes = 12_000;

/** Bytes that one UTF-16 unit takes in UTF-8 at most. */
const maxBytesPerUnit = 3;

/** Cuts what is too long, the longest first, until all blobs together fit. */
function fit(blobs: string[]): string[] {
  // Almost every point fits by a wide margin, and needs no encoding to know it.
  let units = 0;
  for (const { length } of blobs) units += length;
  if (units * maxBytesPerUnit <= maxBlobsBytes) return blobs;
  const sizes = blobs.map(utf8Bytes);
  if (sum(sizes) <= maxBlobsBytes) return blobs;
  const isIdentity = (index: number) => index >= identityBlobs.from && index < identityBlobs.until;
  const identity = blobs.map((text, index) =>
    isIdentity(index) ? cutToBytes(text, maxIdentityBlobBytes) : "",
  );
  const room = maxBlobsBytes - sum(identity.map(utf8Bytes));
  const level = levelFor(
    sizes.filter((_, index) => !isIdentity(index)),
    room,
  );
  return blobs.map((text, index) =>
    isIdentity(index) ? (identity[index] ?? "") : cutToBytes(text, level),
  );
}

/** The highest cap under which these sizes together take no more than `room`. */
function levelFor(sizes: readonly number[], room: number): number {
  let left = room;
  let open = sizes.length;
  for (const size of sizes.toSorted((a, b) => a - b)) {
    const share = Math.floor(left / open);
    if (size > share) return share;
    left -= size;
    open -= 1;
  }
  return room;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

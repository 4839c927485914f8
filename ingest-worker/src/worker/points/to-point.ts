import { cutToBytes, utf8Bytes } from "pidnap-journal/pure";
import type { Measurement } from "pidnap-journal/pure";
import { maxBlobsBytes, maxIndexBytes } from "../limits.ts";
import { blobsUsed, columnsByType, commonColumns, doublesUsed } from "./columns.ts";
import type { Column, Measured, MeasurementOf, MetricType } from "./columns.ts";

/** One write to Analytics Engine, as `writeDataPoint` takes it. */
export interface DataPoint {
  readonly indexes: [string];
  readonly blobs: string[];
  readonly doubles: number[];
}

/** The point that a measurement becomes, within every limit of Analytics Engine. */
export function toPoint(measured: Measured): DataPoint {
  const blobs = Array.from({ length: blobsUsed }, () => "");
  const doubles = Array.from({ length: doublesUsed }, () => 0);
  for (const { column, value } of commonColumns) put(column, value(measured));
  for (const { column, value } of columnsOf(measured.measurement)) put(column, value(measured));
  return {
    indexes: [cutToBytes(measured.identity.machine, maxIndexBytes)],
    blobs: fit(blobs),
    doubles,
  };

  function put(column: Column["column"], value: string | number): void {
    if (typeof value === "string") blobs[Number(column.slice("blob".length)) - 1] = value;
    else doubles[Number(column.slice("double".length)) - 1] = Number.isFinite(value) ? value : 0;
  }
}

function columnsOf<Kind extends MetricType>(measurement: MeasurementOf<Kind>): readonly Column[] {
  // The table pairs each type with columns that read that type; TypeScript cannot follow the pairing.
  return columnsByType[(measurement as Measurement).kind] as readonly Column[];
}

/** Blobs 4 to 8 tell a point from every other: how they are cut depends on nothing but the event. */
const identityBlobs = { from: 3, until: 8 };

/** Bytes for the longest blob of the identity, a reason; the others are bounded by the format. */
const maxIdentityBlobBytes = 12_000;

/** Cuts what is too long, the longest first, until all blobs together fit. */
function fit(blobs: readonly string[]): string[] {
  const sizes = blobs.map(utf8Bytes);
  if (sum(sizes) <= maxBlobsBytes) return [...blobs];
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

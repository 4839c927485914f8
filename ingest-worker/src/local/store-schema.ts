/** The database that holds a table for each dataset, under the dataset's own name. */
const database = "ae";

/** Analytics Engine has 20 blobs and 20 doubles a point, whatever was written. */
const columnNumbers = Array.from({ length: 20 }, (_, index) => index + 1);

/**
 * A dataset the store keeps. Where `identity` is given, a point is kept once by these columns,
 * however often it is written; `lookup` are those of them that lead to it in the fewest reads.
 */
export interface Dataset {
  readonly name: string;
  readonly identity?: { readonly lookup: readonly Column[]; readonly rest: readonly Column[] };
}

/** A column that points are told apart by. */
export type Column = "index1" | `blob${number}`;

/**
 * What this project writes. An event's position in its journal (blob 8) and machine (index 1)
 * find the few points that can be the same; the other blobs tell the points of one event apart.
 */
export const machineMetrics: Dataset = {
  name: "machine_metrics",
  identity: {
    lookup: ["index1", "blob8"],
    rest: ["blob4", "blob5", "blob6", "blob7"],
  },
};

/** The statements that make a dataset's table, and the one that takes its points before they are told apart. */
export function createStatements(dataset: Dataset): string[] {
  const blobs = columnNumbers.map((n) => `blob${n} String`).join(", ");
  const doubles = columnNumbers.map((n) => `double${n} Float64`).join(", ");
  const key =
    dataset.identity === undefined
      ? "index1, timestamp"
      : [...dataset.identity.lookup, ...dataset.identity.rest].join(", ");
  return [
    `CREATE DATABASE IF NOT EXISTS ${database}`,
    `CREATE TABLE IF NOT EXISTS ${tableOf(dataset)} (` +
      `dataset String, timestamp DateTime('UTC'), _sample_interval UInt32, ` +
      `index1 String, ${blobs}, ${doubles}) ENGINE = MergeTree ORDER BY (${key})`,
    // In memory: what is staged is not acknowledged yet, so a crash may forget it.
    `CREATE TABLE IF NOT EXISTS ${stagingOf(dataset)} (` +
      `_sample_interval UInt32 DEFAULT 1, index1 String, blobs Array(String), ` +
      `doubles Array(Float64)) ENGINE = Memory`,
  ];
}

/**
 * The statement that moves staged points into the table, leaving out those it already has and all
 * but one of equal ones. `nowMs` becomes their `timestamp`: the time of the write, as in
 * production, where nobody can choose it.
 */
export function moveStatement(dataset: Dataset, nowMs: number): string {
  const values = [
    `'${dataset.name}'`,
    `toDateTime(${Math.floor(nowMs / 1000)}, 'UTC')`,
    "_sample_interval",
    "index1",
    ...columnNumbers.map((n) => `blobs[${n}]`),
    ...columnNumbers.map((n) => `doubles[${n}]`),
  ].join(", ");
  const from = stagingOf(dataset);
  if (dataset.identity === undefined) {
    return `INSERT INTO ${tableOf(dataset)} SELECT ${values} FROM ${from}`;
  }
  const { lookup, rest } = dataset.identity;
  const identity = [...lookup, ...rest];
  const staged = (columns: readonly Column[]) => columns.map(stagedColumn).join(", ");
  return (
    `INSERT INTO ${tableOf(dataset)} SELECT ${values} ` +
    `FROM (SELECT * FROM ${from} LIMIT 1 BY ${staged(identity)}) ` +
    `WHERE (${staged(identity)}) NOT IN (` +
    `SELECT ${identity.join(", ")} FROM ${tableOf(dataset)} ` +
    `WHERE (${lookup.join(", ")}) IN (SELECT ${staged(lookup)} FROM ${from}))`
  );
}

/** Where a dataset's points are. */
export function tableOf(dataset: Dataset): string {
  return `${database}.${dataset.name}`;
}

/** Where a dataset's points wait to be told apart. */
export function stagingOf(dataset: Dataset): string {
  return `${database}.${dataset.name}_staging`;
}

function stagedColumn(column: Column): string {
  return column.startsWith("blob") ? `blobs[${column.slice("blob".length)}]` : column;
}

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
 * What this project writes. A point's kind (blob 4), its machine (index 1) and its event's position
 * in the journal (blob 8) find the few points that can be the same; the other blobs tell the points
 * of one event apart. The kind leads, since every dashboard asks for one: nine points of ten are
 * samples, which all the others then pass over.
 */
export const machineMetrics: Dataset = {
  name: "machine_metrics",
  identity: {
    lookup: ["blob4", "index1", "blob8"],
    rest: ["blob5", "blob6", "blob7"],
  },
};

/**
 * The number of the layout that `createStatements` makes. It stands in the table's comment; a table
 * without one is of the first layout, which was ordered by machine first.
 */
export const layout = 2;

/**
 * Rows between two entries of the index. Far fewer than ClickHouse's own, since a commit looks up
 * many machines' points of a moment, which are far apart.
 */
const rowsBetweenMarks = 1024;

/** The statements that make a dataset's table, and the one that takes its points before they are told apart. */
export function createStatements(dataset: Dataset): string[] {
  return [
    `CREATE DATABASE IF NOT EXISTS ${database}`,
    createTable(dataset, tableOf(dataset)),
    // In memory: what is staged is not acknowledged yet, so a crash may forget it.
    `CREATE TABLE IF NOT EXISTS ${stagingOf(dataset)} (` +
      `_sample_interval UInt32 DEFAULT 1, index1 String, blobs Array(String), ` +
      `doubles Array(Float64)) ENGINE = Memory`,
  ];
}

/**
 * The table in the newest layout: by month, so that a query about the last day leaves older months
 * out, and within it by kind and machine.
 */
function createTable({ identity }: Dataset, table: string): string {
  const blobs = columnNumbers.map((n) => `blob${n} String`).join(", ");
  const doubles = columnNumbers.map((n) => `double${n} Float64`).join(", ");
  const key =
    identity === undefined
      ? "index1, timestamp"
      : [...identity.lookup, ...identity.rest].join(", ");
  return (
    `CREATE TABLE IF NOT EXISTS ${table} (` +
    `dataset String, timestamp DateTime('UTC'), _sample_interval UInt32, ` +
    `index1 String, ${blobs}, ${doubles}) ENGINE = MergeTree ` +
    `PARTITION BY toYYYYMM(timestamp) ORDER BY (${key}) ` +
    `SETTINGS index_granularity = ${rowsBetweenMarks} COMMENT 'layout ${layout}'`
  );
}

/** Asks for the `comment` of a dataset's table; no row where there is none. */
export function layoutQuery(dataset: Dataset): string {
  return `SELECT comment FROM system.tables WHERE database = '${database}' AND name = '${dataset.name}'`;
}

/**
 * The statements that bring a dataset's points from an older layout into the newest. Until the two
 * tables change places, in one step, the old one stays as it was: a kill loses nothing.
 */
export function migrateStatements(dataset: Dataset): string[] {
  const next = nextOf(dataset);
  return [
    dropNextStatement(dataset),
    createTable(dataset, next),
    `INSERT INTO ${next} SELECT * FROM ${tableOf(dataset)}`,
    `EXCHANGE TABLES ${tableOf(dataset)} AND ${next}`,
    dropNextStatement(dataset),
  ];
}

/** The statement that removes what a migration left that was killed. */
export function dropNextStatement(dataset: Dataset): string {
  return `DROP TABLE IF EXISTS ${nextOf(dataset)} SYNC`;
}

function nextOf(dataset: Dataset): string {
  return `${tableOf(dataset)}_next`;
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

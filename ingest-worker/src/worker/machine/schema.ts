import type { SqlDatabase } from "./sql-database.ts";

/**
 * The tables of one machine's object, as numbered steps that are never edited once deployed. Steps
 * only add: during a deploy an older version of the code may meet a newer schema.
 */
const steps: readonly (readonly string[])[] = [
  [
    // With a rowid, a row lies in one page where its state is of the usual size; an update leaves the
    // key's index alone, and is one written row.
    `create table journals (
      journal text primary key,
      next integer not null,
      last_seq integer,
      last_hash text,
      boot text,
      last_event_at real,
      received_at real not null,
      measurements integer not null,
      stopped integer not null,
      silent integer not null,
      state_version integer,
      state text
    ) strict`,
    `create table machine (
      id integer primary key check (id = 1),
      machine text not null,
      org text not null,
      project text not null,
      machine_type text not null
    ) strict`,
    `create table owed (
      id integer primary key,
      points text not null,
      point_count integer not null
    ) strict`,
  ],
];

/** The schema that this code writes. */
export const schemaVersion = steps.length;

/** The schema found: 0 where nothing was ever stored. Reads only: asking about a machine that never was must not make it. */
export function storedSchemaVersion(sql: SqlDatabase): number {
  const [table] = sql.exec(
    "select 1 from sqlite_master where type = 'table' and name = 'migrations'",
  );
  if (table === undefined) return 0;
  const [row] = sql.exec("select max(version) as version from migrations");
  return Number(row?.["version"] ?? 0);
}

/** Brings an older schema to this code's; to be called inside the transaction that first writes. */
export function migrate(sql: SqlDatabase, from: number): void {
  if (from === 0) sql.exec("create table migrations (version integer primary key) strict");
  for (const [index, statements] of steps.entries()) {
    const version = index + 1;
    if (version <= from) continue;
    for (const statement of statements) sql.exec(statement);
    sql.exec("insert into migrations (version) values (?)", version);
  }
}

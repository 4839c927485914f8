import type { SqlDatabase } from "./sql-database.ts";

/** A Durable Object's SQLite as the stores use it. */
export function sqlDatabaseOf(storage: DurableObjectStorage): SqlDatabase {
  return {
    exec: (statement, ...bindings) => storage.sql.exec(statement, ...bindings).toArray(),
    transactionSync: (work) => storage.transactionSync(work),
  };
}

/** A value that SQLite stores. */
type SqlValue = string | number | null;

/**
 * What the store needs of a database: a Durable Object's SQLite, or any other in a simulation.
 * Everything is synchronous, as it is there.
 */
export interface SqlDatabase {
  /** Runs one statement and gives all its rows. */
  readonly exec: (
    statement: string,
    ...bindings: readonly SqlValue[]
  ) => readonly Readonly<Record<string, unknown>>[];
  /** All of `work`, or where it throws nothing of it. */
  readonly transactionSync: <T>(work: () => T) => T;
}

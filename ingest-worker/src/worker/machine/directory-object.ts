import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { sqlDatabaseOf } from "./durable-sql.ts";
import type { SqlDatabase } from "./sql-database.ts";

/**
 * Which organisations have a machine of one name. Machines' objects are named by organisation too,
 * so that a viewer of every organisation needs someone to ask; it costs one row in a machine's life.
 */
export class MachineDirectory extends DurableObject<Env> {
  readonly #sql: SqlDatabase;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = sqlDatabaseOf(state.storage);
  }

  add(org: string): void {
    this.#sql.transactionSync(() => {
      this.#sql.exec(
        "create table if not exists orgs (id integer primary key, org text not null unique) strict",
      );
      this.#sql.exec("insert or ignore into orgs (org) values (?)", org);
    });
  }

  /** The organisations, the one that came last first. */
  orgs(): string[] {
    const [table] = this.#sql.exec("select 1 from sqlite_master where name = 'orgs'");
    if (table === undefined) return [];
    return this.#sql.exec("select org from orgs order by id desc").map((row) => String(row["org"]));
  }
}

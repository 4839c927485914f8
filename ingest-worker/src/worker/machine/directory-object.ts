import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { sqlDatabaseOf } from "./durable-sql.ts";
import type { SqlDatabase } from "./sql-database.ts";

/**
 * Which organisations have machines of which names, for a share of all names. Machines' objects are
 * named by organisation too, so that a viewer of every organisation needs someone to ask; it costs
 * one row in a machine's life.
 */
export class MachineDirectory extends DurableObject<Env> {
  readonly #sql: SqlDatabase;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = sqlDatabaseOf(state.storage);
  }

  add(machine: string, org: string): void {
    this.#sql.transactionSync(() => {
      this.#sql.exec(
        `create table if not exists machines (
          id integer primary key,
          machine text not null,
          org text not null,
          unique (machine, org)
        ) strict`,
      );
      this.#sql.exec("insert or ignore into machines (machine, org) values (?, ?)", machine, org);
    });
  }

  /** The organisations with a machine of this name, the one that came last first. */
  orgs(machine: string): string[] {
    const [table] = this.#sql.exec("select 1 from sqlite_master where name = 'machines'");
    if (table === undefined) return [];
    return this.#sql
      .exec("select org from machines where machine = ? order by id desc", machine)
      .map((row) => String(row["org"]));
  }
}

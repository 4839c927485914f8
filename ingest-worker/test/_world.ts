import { DatabaseSync } from "node:sqlite";
import type { MachineIdentity } from "../src/worker/auth.ts";
import type { AppendOutcome } from "../src/worker/machine/append.ts";
import { hashLine } from "../src/worker/machine/line-mark.ts";
import { Machine } from "../src/worker/machine/machine.ts";
import type { SqlDatabase } from "../src/worker/machine/sql-database.ts";
import { MachineStore } from "../src/worker/machine/store.ts";
import type { DataPoint } from "../src/worker/points/to-point.ts";
import { readSettings } from "../src/worker/settings.ts";

export const identity: MachineIdentity = {
  machine: "m1",
  org: "org_a",
  project: "prj_a",
  machineType: "daytona",
};

/** SQLite in memory, as the store sees an object's. Counts the statements that write. */
class MemoryDatabase implements SqlDatabase {
  readonly #database = new DatabaseSync(":memory:");
  writes = 0;
  /** Throws inside the next transaction, before it is committed. */
  failNextCommit = false;
  #inTransaction = false;

  readonly exec: SqlDatabase["exec"] = (statement, ...bindings) => {
    const writes = /^(insert|update|delete)/.test(statement);
    // A statement by itself is a transaction too.
    if (writes && !this.#inTransaction) {
      return this.transactionSync(() => this.exec(statement, ...bindings));
    }
    if (writes) this.writes += 1;
    return this.#database.prepare(statement).all(...bindings);
  };

  readonly transactionSync: SqlDatabase["transactionSync"] = (work) => {
    this.#database.exec("begin");
    this.#inTransaction = true;
    try {
      const result = work();
      if (this.failNextCommit) throw new Error("killed before the commit");
      this.#database.exec("commit");
      return result;
    } catch (error) {
      this.#database.exec("rollback");
      throw error;
    } finally {
      this.#inTransaction = false;
      this.failNextCommit = false;
    }
  };
}

/** One machine's object with a clock, an alarm and a binding that the test holds. */
export class MachineWorldInMemory {
  now = 1_700_000_000_000;
  alarmAt: number | null = null;
  alarmsSet = 0;
  readonly sql = new MemoryDatabase();
  readonly delivered: DataPoint[] = [];
  readonly announced: MachineIdentity[] = [];
  readonly failures: string[] = [];
  /** What the binding does before it takes a point: it may throw; a promise is waited for and, where it rejects, the point is not taken. */
  onWrite: (point: DataPoint) => Promise<void> | undefined = () => undefined;
  machine: Machine;
  readonly #variables: object;

  constructor(variables: object = {}) {
    this.#variables = variables;
    this.machine = this.#make();
  }

  /** The object loses its memory: it was evicted, or killed. */
  wake(): void {
    this.machine = this.#make();
  }

  append(
    journal: string,
    lines: readonly (string | object)[],
    more: { readonly previousLine?: { seq: number; hash: string } } = {},
  ): Promise<AppendOutcome> {
    const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    return this.machine.append({
      identity,
      journal,
      previousLine: more.previousLine,
      body: new TextEncoder().encode(`${text.join("\n")}\n`),
      receivedAt: this.now,
    });
  }

  /** Metric type, process and state of what was delivered. */
  told(): string[] {
    return this.delivered.map(({ blobs }) => [blobs[3], blobs[4], blobs[5]].join(" "));
  }

  /** Lets time pass, the alarm ringing when it is due. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    while (this.alarmAt !== null && this.alarmAt <= end) {
      this.now = Math.max(this.now, this.alarmAt);
      this.alarmAt = null;
      await this.machine.ring();
    }
    this.now = end;
  }

  #make(): Machine {
    return new Machine({
      store: new MachineStore(this.sql),
      alarm: {
        get: () => Promise.resolve(this.alarmAt),
        set: (at) => {
          this.alarmAt = at;
          this.alarmsSet += 1;
          return Promise.resolve();
        },
      },
      points: {
        writeDataPoint: (point) => {
          const answer = this.onWrite(point);
          const take = () => void this.delivered.push(point);
          return answer === undefined ? take() : answer.then(take);
        },
      },
      settings: readSettings(this.#variables),
      now: () => this.now,
      hashLine,
      announce: (who) => {
        this.announced.push(who);
        return Promise.resolve();
      },
      logFailure: (what, facts) => this.failures.push(`${what} ${JSON.stringify(facts)}`),
    });
  }
}

/** What tells a point from every other one. */
export function identityOf({ indexes, blobs }: DataPoint): string {
  return JSON.stringify([indexes[0], ...blobs.slice(3, 8)]);
}

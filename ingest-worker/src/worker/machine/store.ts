import { z } from "zod";
import type { MachineIdentity } from "../auth.ts";
import type { DataPoint } from "../points/to-point.ts";
import type { Position } from "./admit.ts";
import { inChunks } from "./owed-chunks.ts";
import { migrate, schemaVersion, storedSchemaVersion } from "./schema.ts";
import type { SqlDatabase } from "./sql-database.ts";
import type { StoredState } from "./stored-state.ts";

/** What is kept of one journal, but for its state. */
export interface JournalSummary extends Position {
  readonly journal: string;
  /** Boot and time (ms since the epoch) of the last event folded. */
  readonly boot: string;
  readonly lastEventAt: number;
  /** The Worker's clock at the last batch that brought something new, ms since the epoch. */
  readonly receivedAt: number;
  /** Measurements given so far. */
  readonly measurements: number;
  /** Its last event says that pidnap stopped in order. */
  readonly stopped: boolean;
  /** Its present silence has been told. */
  readonly silent: boolean;
  /** The fold's state is kept, not only the position. */
  readonly full: boolean;
}

export interface StoredJournal extends JournalSummary {
  readonly state: StoredState | null;
}

/** Points that wait to be given to the binding, and the id they are settled by. */
export interface OwedChunk {
  readonly id: number;
  readonly points: readonly DataPoint[];
}

/** What one batch changes, all or nothing. */
export interface Commit {
  readonly journal: StoredJournal;
  readonly identity: MachineIdentity;
  /** Points that this invocation could not give. */
  readonly owed: readonly DataPoint[];
  /** A journal whose state makes room for this one's. */
  readonly forget: string | undefined;
}

/** The object's SQLite, and the only place that knows its tables. */
export class MachineStore {
  readonly #sql: SqlDatabase;
  #schema: number;
  #identity: MachineIdentity | undefined;
  /** Counted once a waking, and again after a write that changes it. */
  #owedPoints: number | undefined;

  constructor(sql: SqlDatabase) {
    this.#sql = sql;
    this.#schema = storedSchemaVersion(sql);
  }

  /** Whether a newer version of the code wrote here. */
  get isNewer(): boolean {
    return this.#schema > schemaVersion;
  }

  /** The machine as its last batch's token described it; undefined where nothing was ever stored. */
  identity(): MachineIdentity | undefined {
    if (this.#identity !== undefined || this.#schema === 0) return this.#identity;
    const [row] = this.#sql.exec("select machine, org, project, machine_type from machine");
    this.#identity = row === undefined ? undefined : identitySchema.parse(row);
    return this.#identity;
  }

  journal(journal: string): StoredJournal | undefined {
    if (this.#schema === 0) return undefined;
    const [row] = this.#sql.exec(
      `select ${summaryColumns}, state_version, state from journals where journal = ?`,
      journal,
    );
    return row === undefined ? undefined : journalSchema.parse(row);
  }

  summary(journal: string): JournalSummary | undefined {
    if (this.#schema === 0) return undefined;
    const [row] = this.#sql.exec(
      `select ${summaryColumns} from journals where journal = ?`,
      journal,
    );
    return row === undefined ? undefined : summarySchema.parse(row);
  }

  /** Every journal, without the states. */
  summaries(): JournalSummary[] {
    if (this.#schema === 0) return [];
    return this.#sql
      .exec(`select ${summaryColumns} from journals order by journal`)
      .map((row) => summarySchema.parse(row));
  }

  owedPoints(): number {
    if (this.#schema === 0) return 0;
    this.#owedPoints ??= this.#countOwedPoints();
    return this.#owedPoints;
  }

  /** The oldest owed points after a chunk that was looked at before. */
  owedAfter(id: number): OwedChunk | undefined {
    if (this.owedPoints() === 0) return undefined;
    const [row] = this.#sql.exec(
      "select id, points from owed where id > ? order by id limit 1",
      id,
    );
    return row === undefined ? undefined : owedSchema.parse(row);
  }

  /** Position, state and owed points of a batch. */
  commit({ journal, identity, owed, forget }: Commit): void {
    if (this.#schema === schemaVersion && this.#isOneRow({ journal, identity, owed, forget })) {
      // One statement is a transaction by itself, and nearly every batch is one.
      this.#putJournal(journal);
      return;
    }
    this.#write(() => {
      this.#putJournal(journal);
      if (!isSame(this.identity(), identity)) this.#putIdentity(identity);
      this.#putOwed(owed);
      if (forget !== undefined) this.#forget(forget);
    });
    this.#identity = identity;
  }

  #isOneRow({ identity, owed, forget }: Commit): boolean {
    return owed.length === 0 && forget === undefined && isSame(this.identity(), identity);
  }

  /** A journal's silence has been told, but for these points. */
  commitSilence(journal: string, owed: readonly DataPoint[]): void {
    this.#write(() => {
      this.#sql.exec("update journals set silent = 1 where journal = ?", journal);
      this.#putOwed(owed);
    });
  }

  /** Keeps only a journal's position. */
  forgetState(journal: string): void {
    this.#write(() => this.#forget(journal));
  }

  /** A chunk's points were given, but for the rest. */
  settle({ id, points }: OwedChunk, rest: readonly DataPoint[]): void {
    if (rest.length === points.length) return;
    this.#owedPoints = undefined;
    this.#write(() => {
      if (rest.length === 0) this.#sql.exec("delete from owed where id = ?", id);
      else {
        this.#sql.exec(
          "update owed set points = ?, point_count = ? where id = ?",
          JSON.stringify(rest),
          rest.length,
          id,
        );
      }
    });
  }

  #write(work: () => void): void {
    this.#sql.transactionSync(() => {
      if (this.#schema < schemaVersion) migrate(this.#sql, this.#schema);
      work();
    });
    this.#schema = schemaVersion;
  }

  #putJournal(journal: StoredJournal): void {
    this.#sql.exec(
      `insert into journals (journal, next, last_seq, last_hash, boot, last_event_at, received_at,
        measurements, stopped, silent, state_version, state)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (journal) do update set next = excluded.next, last_seq = excluded.last_seq,
        last_hash = excluded.last_hash, boot = excluded.boot,
        last_event_at = excluded.last_event_at, received_at = excluded.received_at,
        measurements = excluded.measurements, stopped = excluded.stopped,
        silent = excluded.silent, state_version = excluded.state_version, state = excluded.state`,
      journal.journal,
      journal.next,
      journal.last?.seq ?? null,
      journal.last?.hash ?? null,
      journal.boot,
      journal.lastEventAt,
      journal.receivedAt,
      journal.measurements,
      Number(journal.stopped),
      Number(journal.silent),
      journal.state?.version ?? null,
      journal.state?.json ?? null,
    );
  }

  #putIdentity({ machine, org, project, machineType }: MachineIdentity): void {
    this.#sql.exec(
      "insert or replace into machine (id, machine, org, project, machine_type) values (1, ?, ?, ?, ?)",
      machine,
      org,
      project,
      machineType,
    );
  }

  #putOwed(points: readonly DataPoint[]): void {
    if (points.length === 0) return;
    this.#owedPoints = undefined;
    for (const chunk of inChunks(points)) {
      this.#sql.exec(
        "insert into owed (points, point_count) values (?, ?)",
        chunk.json,
        chunk.pointCount,
      );
    }
  }

  #countOwedPoints(): number {
    const [row] = this.#sql.exec("select coalesce(sum(point_count), 0) as points from owed");
    return Number(row?.["points"] ?? 0);
  }

  #forget(journal: string): void {
    this.#sql.exec(
      "update journals set state_version = null, state = null where journal = ?",
      journal,
    );
  }
}

const summaryColumns =
  "journal, next, last_seq, last_hash, boot, last_event_at, received_at, measurements, stopped, silent, state_version";

const rowSchema = z.object({
  journal: z.string(),
  next: z.number(),
  last_seq: z.number().nullable(),
  last_hash: z.string().nullable(),
  boot: z.string(),
  last_event_at: z.number(),
  received_at: z.number(),
  measurements: z.number(),
  stopped: z.number(),
  silent: z.number(),
  state_version: z.number().nullable(),
});

function toSummary(row: z.infer<typeof rowSchema>): JournalSummary {
  const { journal, next, last_seq: seq, last_hash: hash, boot, measurements } = row;
  return {
    journal,
    next,
    last: seq === null || hash === null ? null : { seq, hash },
    boot,
    lastEventAt: row.last_event_at,
    receivedAt: row.received_at,
    measurements,
    stopped: row.stopped === 1,
    silent: row.silent === 1,
    full: row.state_version !== null,
  };
}

const summarySchema = rowSchema.transform(toSummary);

const journalSchema = rowSchema
  .extend({ state: z.string().nullable() })
  .transform((row): StoredJournal => ({
    ...toSummary(row),
    state:
      row.state_version === null || row.state === null
        ? null
        : { version: row.state_version, json: row.state },
  }));

const identitySchema = z
  .object({ machine: z.string(), org: z.string(), project: z.string(), machine_type: z.string() })
  .transform(({ machine_type: machineType, ...rest }): MachineIdentity => ({
    ...rest,
    machineType,
  }));

const owedSchema = z
  .object({ id: z.number(), points: z.string() })
  // Written by this class alone, from points.
  .transform(({ id, points }): OwedChunk => ({ id, points: JSON.parse(points) as DataPoint[] }));

function isSame(a: MachineIdentity | undefined, b: MachineIdentity): boolean {
  return (
    a?.machine === b.machine &&
    a.org === b.org &&
    a.project === b.project &&
    a.machineType === b.machineType
  );
}

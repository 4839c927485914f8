import { fold, initialState, type JournalEvent } from "pidnap-journal";
import { lifeOf } from "pidnap-fixtures/fleet/life";
import { rosterOf, type Member, type Trouble } from "pidnap-fixtures/fleet/roster";
import { openPointStore, type PointStore } from "../src/local/clickhouse.ts";
import { answerStatement } from "../src/local/sql-api.ts";
import { machineMetrics } from "../src/local/store-schema.ts";
import { silenceMeasurements } from "../src/worker/machine/silence.ts";
import { toPoint } from "../src/worker/points/to-point.ts";

const toMs = Date.UTC(2026, 10, 24, 12);

/** Three hours in which ten machines lived, one with each trouble. */
export const known = { fromMs: toMs - 3 * 3_600_000, toMs, members: rosterOf(10, 11) };

/** The machine with that trouble. */
export function machineWith(trouble: Trouble): Member {
  const found = known.members.find((member) => member.trouble === trouble);
  if (found === undefined) throw new Error(`Ten machines have every trouble, ${trouble} too.`);
  return found;
}

/** A store with their points. */
export async function openKnownStore(dir: string): Promise<PointStore> {
  const store = openPointStore({ dir, datasets: [machineMetrics], now: () => toMs });
  for (const member of known.members) await store.append("machine_metrics", linesOf(member));
  return store;
}

/** An answer of the SQL API. */
export interface Answer {
  readonly status: number;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
}

/** What a statement is answered; a refusal has neither columns nor rows. */
export async function ask(store: PointStore, sql: string): Promise<Answer> {
  const { status, body } = await answerStatement(sql, { store, log: () => undefined });
  if (status !== 200) return { status, columns: [], rows: [] };
  const { meta, data } = JSON.parse(body) as { meta: Answer["columns"]; data: Answer["rows"] };
  return { status, columns: meta, rows: data };
}

function linesOf(member: Member): Uint8Array {
  const { machine, org, project, machineType } = member;
  const identity = { machine, org, project, machineType };
  const journal = `00000000-0000-4000-8000-${member.seed.toString(16).padStart(12, "0")}`;
  const lagMs = member.trouble === "lossy" ? 20 * 60_000 : 15_000;
  let state = initialState();
  let lastSeq = 0;
  const measurements = eventsOf(member).flatMap((event) => {
    const folded = fold(state, event);
    ({ state } = folded);
    lastSeq = event.seq;
    return folded.measurements;
  });
  if (member.trouble === "silent") measurements.push(...silenceMeasurements(state, lastSeq));
  const lines = measurements.map((measurement) => {
    const receivedAt = measurement.at + lagMs;
    const { indexes, blobs, doubles } = toPoint({ measurement, identity, journal, receivedAt });
    return JSON.stringify({ index1: indexes[0], blobs, doubles });
  });
  return new TextEncoder().encode(lines.join("\n"));
}

/** The events of a life as a journal has them; the machine with the bad network lost some a little before the end. */
function eventsOf(member: Member): JournalEvent[] {
  const events: object[] = [];
  let boots = 0;
  let isLost = member.trouble !== "lossy";
  for (const deed of lifeOf(member, known)) {
    if (deed.atMs >= known.toMs) break;
    if (deed.kind === "boot") boots += 1;
    if (deed.kind !== "event") continue;
    const seq = events.length + 1;
    const head = { v: 1, seq, at: Math.floor(deed.atMs), mono: deed.atMs, boot: `boot-${boots}` };
    if (!isLost && deed.atMs > known.toMs - 30 * 60_000) {
      isLost = true;
      events.push({ ...head, type: "events.lost", through: seq, reason: "expired" });
    } else {
      events.push({ ...head, ...deed.event });
    }
  }
  return events as JournalEvent[];
}

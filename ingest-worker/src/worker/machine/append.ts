import { fold } from "pidnap-journal/pure";
import type { FoldState, JournalEvent, Measurement } from "pidnap-journal/pure";
import type { MachineIdentity } from "../auth.ts";
import {
  drainRetryMs,
  maxFullJournals,
  maxJournals,
  maxOwedPoints,
  maxStateBytes,
} from "../limits.ts";
import { toPoint } from "../points/to-point.ts";
import type { Refusal, RefusalOf } from "../refusal.ts";
import { admit } from "./admit.ts";
import type { Admission, LineMark, Position } from "./admit.ts";
import type { EarliestAlarm } from "./alarm.ts";
import { drainOwed } from "./drain.ts";
import type { Journals, LoadedJournal } from "./journals.ts";
import { give } from "./outbox.ts";
import type { PointBudget } from "./outbox.ts";
import { parseLines } from "./parse-lines.ts";
import type { Line } from "./parse-lines.ts";
import { nextDue, stoppedInOrder } from "./silence.ts";
import { writeState } from "./stored-state.ts";
import type { JournalSummary } from "./store.ts";
import type { MachineWorld } from "./world.ts";

/** A batch, and who sends it. */
export interface AppendRequest {
  /** From the token, never from the body. */
  readonly identity: MachineIdentity;
  readonly journal: string;
  readonly previousLine: LineMark | undefined;
  /** Journal lines, decompressed. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** The Worker's clock at receipt, ms since the epoch. */
  readonly receivedAt: number;
}

export type AppendOutcome =
  | {
      readonly kind: "folded";
      readonly next: number;
      readonly accepted: number;
      readonly duplicates: number;
      readonly points: number;
    }
  | Refusal;

type Admitted = Extract<Admission, { kind: "admitted" }>;

/**
 * Takes one batch: what of it is new is folded, its points are given to the binding, and position,
 * state and the points that could not be given are stored in one transaction.
 *
 * The order is the guarantee. Points are given before the position moves: a kill in between makes the
 * sender send the batch again, which folds to the same points, told from others by the same columns.
 * No kill loses one, and an object that merely went to sleep gives nothing twice.
 */
export async function append(
  request: AppendRequest,
  world: MachineWorld,
  journals: Journals,
  alarm: EarliestAlarm,
): Promise<AppendOutcome> {
  const { maxEvents, maxBytes } = world.settings;
  const parsed = parseLines(request.body, maxEvents);
  if (parsed.kind === "too-many") return { kind: "too-large", maxEvents, maxBytes };
  if (parsed.kind === "not-ndjson") return parsed;
  const loaded = journals.load(request.journal);
  if (loaded.kind !== "journal") return loaded;
  // An alarm gives up after some failures of the platform: every batch sets an owed one again.
  const owedPoints = world.store.owedPoints();
  if (owedPoints > 0) await alarm.by(world.now() + drainRetryMs);
  const position: Position = loaded.summary ?? { next: 1, last: null };
  const admission = admit(position, parsed.lines, {
    previousLine: request.previousLine,
    hashAtLast: await hashAt(position.last, parsed.lines, world),
  });
  if (admission.kind !== "admitted") return admission;
  const { next, events, duplicates } = admission;
  if (events.length === 0) return { kind: "folded", next, accepted: 0, duplicates, points: 0 };
  if (owedPoints >= maxOwedPoints) return { kind: "points-owed" };
  const room = makeRoom(request.journal, loaded, world);
  if (room.kind !== "room") return room;
  const points = await settle(request, admission, loaded, room.forget, { world, journals, alarm });
  return { kind: "folded", next, accepted: events.length, duplicates, points };
}

/** Older owed points, as far as this invocation still can; they are stored, so that a failure here is no failure of the batch. */
async function drainWhatFits(budget: PointBudget, world: MachineWorld): Promise<void> {
  try {
    await drainOwed(budget, world);
  } catch (error) {
    world.logFailure("drain", { error: String(error) });
  }
}

async function hashAt(
  last: LineMark | null,
  lines: readonly Line[],
  world: MachineWorld,
): Promise<string | undefined> {
  const line = lines.find(({ seq, isLoss }) => seq === last?.seq && !isLoss);
  return line === undefined ? undefined : world.hashLine(line.text);
}

/** A machine has so many journals in full: the one quiet longest keeps its position alone. */
function makeRoom(
  journal: string,
  { summary }: LoadedJournal,
  { store }: MachineWorld,
): { readonly kind: "room"; readonly forget: string | undefined } | RefusalOf<"too-many-journals"> {
  if (summary?.full === true) return { kind: "room", forget: undefined };
  const all = store.summaries();
  if (summary === undefined && all.length >= maxJournals) return { kind: "too-many-journals" };
  const others = all.filter((other) => other.full && other.journal !== journal);
  if (others.length < maxFullJournals) return { kind: "room", forget: undefined };
  const quietest = others.reduce((a, b) => (b.receivedAt < a.receivedAt ? b : a));
  return { kind: "room", forget: quietest.journal };
}

interface Tools {
  readonly world: MachineWorld;
  readonly journals: Journals;
  readonly alarm: EarliestAlarm;
}

async function settle(
  request: AppendRequest,
  { events, next, lastLine }: Admitted,
  before: LoadedJournal,
  forget: string | undefined,
  { world, journals, alarm }: Tools,
): Promise<number> {
  const { identity, journal, receivedAt } = request;
  const { state, measurements } = foldAll(before.state, events);
  const points = measurements.map((m) =>
    toPoint({ measurement: m, identity, journal, receivedAt }),
  );
  const stored = writeState(state);
  if (stored.json.length > maxStateBytes) throw new Error("the fold's state is too large to store");
  const last = lastLine && { seq: lastLine.seq, hash: await world.hashLine(lastLine.text) };
  if (world.store.identity() === undefined) await world.announce(identity);
  const summary: JournalSummary = {
    journal,
    next,
    last: last ?? null,
    boot: state.boot ?? "",
    lastEventAt: state.last.at,
    receivedAt,
    measurements: state.measurements,
    stopped: stoppedInOrder(before.summary?.stopped === true, events),
    silent: false,
    full: true,
  };
  const budget = { left: world.settings.pointBudget };
  const { rest, stored: reached } = give(world.points, points, budget);
  // The platform's binding says nothing, and then nothing may come between giving and storing.
  if (reached !== undefined) await reached;
  world.store.commit({ journal: { ...summary, state: stored }, identity, owed: rest, forget });
  const due = rest.length > 0 ? world.now() : nextDue(summary, world.settings.silentAfterMs)?.at;
  const armed = due === undefined ? undefined : alarm.by(due);
  journals.keep(summary, state);
  if (forget !== undefined) journals.drop(forget);
  await armed;
  await drainWhatFits(budget, world);
  return points.length;
}

function foldAll(
  from: FoldState,
  events: readonly JournalEvent[],
): { readonly state: FoldState; readonly measurements: readonly Measurement[] } {
  let state = from;
  const measurements: Measurement[] = [];
  for (const event of events) {
    const folded = fold(state, event);
    state = folded.state;
    measurements.push(...folded.measurements);
  }
  return { state, measurements };
}

import { drainRetryMs } from "../limits.ts";
import { toPoint } from "../points/to-point.ts";
import type { EarliestAlarm } from "./alarm.ts";
import { drainOwed } from "./drain.ts";
import type { Journals } from "./journals.ts";
import { give } from "./outbox.ts";
import type { PointBudget } from "./outbox.ts";
import { nextDue, silenceMeasurements } from "./silence.ts";
import type { JournalSummary } from "./store.ts";
import type { MachineWorld } from "./world.ts";

/**
 * What the alarm does: gives owed points, tells silences, forgets states, and is set to what is due
 * next. A failure is logged and tried again later by an alarm of its own, since the platform gives
 * up on an alarm that keeps failing.
 */
export async function ring(
  world: MachineWorld,
  journals: Journals,
  alarm: EarliestAlarm,
): Promise<void> {
  try {
    const owedBefore = world.store.owedPoints();
    if (!world.store.isNewer) {
      const budget = { left: world.settings.pointBudget };
      await drainOwed(budget, world);
      for (const summary of world.store.summaries()) {
        await doWhatIsDue(summary, budget, world, journals);
      }
    }
    await setNext(world, alarm, world.store.owedPoints() < owedBefore);
  } catch (error) {
    world.logFailure("alarm", { error: String(error) });
    await alarm.by(world.now() + drainRetryMs);
  }
}

async function doWhatIsDue(
  summary: JournalSummary,
  budget: PointBudget,
  world: MachineWorld,
  journals: Journals,
): Promise<void> {
  const due = nextDue(summary, world.settings.silentAfterMs);
  if (due === undefined || due.at > world.now()) return;
  switch (due.kind) {
    case "silence":
      await tellSilence(summary, budget, world, journals);
      break;
    case "forget":
      world.store.forgetState(summary.journal);
      break;
  }
  journals.drop(summary.journal);
}

async function tellSilence(
  summary: JournalSummary,
  budget: PointBudget,
  { store, points, now }: MachineWorld,
  journals: Journals,
): Promise<void> {
  const { journal, next } = summary;
  const identity = store.identity();
  const loaded = journals.load(journal);
  // A state that a newer version wrote is that version's to speak for.
  if (identity === undefined || loaded.kind !== "journal") return;
  const told = silenceMeasurements(loaded.state, next - 1).map((measurement) =>
    toPoint({ measurement, identity, journal, receivedAt: now() }),
  );
  const { rest, stored } = give(points, told, budget);
  if (stored !== undefined) await stored;
  store.commitSilence(journal, rest);
}

/** The earliest thing still to do; what is due and could not be done now is tried again a little later. */
async function setNext(
  { store, settings, now }: MachineWorld,
  alarm: EarliestAlarm,
  drains: boolean,
): Promise<void> {
  const soonest = now() + drainRetryMs;
  if (store.isNewer) return alarm.by(soonest);
  const quiet = store
    .summaries()
    .map((summary) => nextDue(summary, settings.silentAfterMs)?.at ?? Infinity);
  const due = Math.min(...quiet.map((at) => (at <= now() ? soonest : at)), Infinity);
  const drain = store.owedPoints() === 0 ? Infinity : drains ? now() : soonest;
  const next = Math.min(due, drain);
  return next === Infinity ? undefined : alarm.by(next);
}

/**
 * A start-up as steps: `{label, process?, from, to, kind}`, ms from the entrypoint's start. A task lasts
 * until it has ended, another process until it was first running; an end of undefined is not reached.
 *
 * `rows` are the first changes of one boot, and its start-up where that is over.
 */
export function makeWaterfall(rows) {
  const startup = rows.find(({ metric }) => metric === "startup");
  const moves = rows
    .filter(({ metric, state }) => metric === "process" && state !== "silent")
    .toSorted((a, b) => a.number - b.number);
  const start = startup?.entrypoint_ms > 0 ? startup.entrypoint_ms : moves[0]?.time_ms;
  if (start === undefined) return { start: 0, end: 0, steps: [], startup };
  const since = (ms) => Math.max(0, ms - start);
  const steps = [];
  if (moves.length > 0 && startup?.entrypoint_ms > 0) {
    const to = since(moves[0].time_ms);
    steps.push({ label: "Entrypoint to the first process", from: 0, to, kind: "machine" });
  }
  const ends = endSteps(startup, since);
  // What first runs long after everything was ready, as a cron job does, is no part of the start-up.
  const lastMs = ends.length === 0 ? unfinishedMs : Math.max(...ends.map(({ to }) => to)) * 1.5;
  for (const [process, own] of Map.groupBy(moves, (move) => move.process)) {
    const step = processStep(process, own, since);
    if (step !== undefined && step.from <= lastMs) steps.push(step);
  }
  steps.push(...ends);
  const end = Math.max(1, ...steps.map(({ from, to }) => to ?? from));
  return { start, end, steps, startup };
}

/** How much is shown of a start-up that has not ended, ms. */
const unfinishedMs = 300_000;

function endSteps(startup, since) {
  if (startup === undefined) return [];
  const { daemon_ready_ms: daemonMs, tasks_complete_ms: tasksMs, state } = startup;
  const mark = (label, ms) => ({ label, from: since(ms), to: since(ms), kind: "mark" });
  return [
    ...(daemonMs > 0 ? [mark("Daemon ready", daemonMs)] : []),
    ...(tasksMs > 0 ? [mark("Tasks complete", tasksMs)] : []),
    ...(state === "ready"
      ? [{ label: "Ready", from: 0, to: startup.time_to_ready_ms, kind: "total" }]
      : []),
  ];
}

/** The first thing that a process did in its boot, and how that went. */
function processStep(process, moves, since) {
  const begun = moves.find(({ state }) => state === "running");
  if (begun === undefined) return undefined;
  const from = since(begun.time_ms);
  if (begun.kind !== "task") return { label: process, process, from, to: from, kind: "process" };
  // What becomes of a task that is tried again counts when it ends for good.
  const ended = moves.find(
    ({ state, number }) =>
      number > begun.number && (state === "stopped" || state === "max-restarts-reached"),
  );
  return {
    label: process,
    process,
    from,
    to: ended === undefined ? undefined : since(ended.time_ms),
    kind: ended?.state === "max-restarts-reached" ? "failed" : "task",
  };
}

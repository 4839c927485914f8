/**
 * From what a machine reported to what its timeline shows: each process a lane of stretches of time,
 * each in one state, boot by boot. No drawing here.
 *
 * A stretch is `{from, to, state, boot, ends?, restarts?, open?, known}`; `ends` is the transition that
 * ended it, `open` says that it still goes on, `known` is false where nobody can say what it was.
 */

/** Heard of within this time, a machine is taken to be alive: samples come every 30 s. */
const freshMs = 120_000;

/**
 * `transitions` are rows of one machine in any order, `boots` rows `{boot, first_ms, last_ms}`,
 * `states` what each process was last known to do, `from` and `to` the range in ms, `now` the time now.
 */
export function makeTimeline({ transitions, boots, states, from, to, now }) {
  const spans = bootSpans(boots, from, Math.min(to, now));
  const byProcess = Map.groupBy(
    transitions.filter(({ state }) => state !== "silent").toSorted(inOrder),
    ({ process }) => process,
  );
  const lanes = [...byProcess].map(([process, moves]) => ({
    process,
    kind: moves.at(-1).kind,
    stretches: stretchesOf(moves, spans, to, now),
    ends: moves.filter(isCrash),
  }));
  for (const state of states) {
    if (byProcess.has(state.process)) continue;
    const stretch = stretchSince(state, spans, from, to, now);
    if (stretch === undefined) continue;
    lanes.push({ process: state.process, kind: state.kind, stretches: [stretch], ends: [] });
  }
  return { lanes: lanes.map((lane) => clip(lane, from, to)).toSorted(byKindAndName), boots: spans };
}

/** Order of events: several share a millisecond, and a boot closes what is open before the next begins. */
function inOrder(a, b) {
  return a.time_ms - b.time_ms || a.number - b.number;
}

/** Boots in their order; the last one goes on to the end, as long as it is heard of. */
function bootSpans(boots, from, end) {
  const sorted = boots.toSorted((a, b) => a.first_ms - b.first_ms);
  return sorted.map((boot, at) => {
    const next = sorted[at + 1];
    const heard = boot.last_ms + freshMs >= end;
    return {
      ...boot,
      from: beginOf(boot, from),
      to: next === undefined && heard ? end : boot.last_ms,
      open: next === undefined && heard,
    };
  });
}

/** A boot that began before what is looked at is heard of a little after its begin. */
function beginOf({ first_ms: firstMs, entrypoint_ms: entrypointMs }, from) {
  const beganInSight = entrypointMs >= from;
  return !beganInSight && firstMs - from < freshMs ? from : firstMs;
}

function stretchesOf(moves, spans, to, now) {
  const stretches = [];
  const first = moves[0];
  const before = stretchBefore(first, spans);
  if (before !== undefined) stretches.push(before);
  for (const [at, move] of moves.entries()) {
    if (isGone(move.state)) continue;
    const next = moves[at + 1];
    const sameBoot = next !== undefined && (next.boot === move.boot || isGone(next.state));
    const span = spans.find(({ boot }) => boot === move.boot);
    const goesOn = next === undefined && (span?.open ?? true);
    const end = sameBoot ? next.time_ms : goesOn ? Math.min(to, now) : (span?.to ?? move.time_ms);
    stretches.push({
      from: move.time_ms,
      to: Math.max(move.time_ms, end),
      state: move.state,
      boot: move.boot,
      restarts: move.restarts,
      known: true,
      open: goesOn,
      ends: sameBoot ? next : undefined,
    });
  }
  return stretches;
}

/** What a process did before its first transition in sight: that transition says what, and for how long. */
function stretchBefore(first, spans) {
  if (first.previous === "" || first.previous === "idle") return undefined;
  const span = spans.find(({ boot }) => boot === first.boot);
  const begin = first.previous_ms > 0 ? first.time_ms - first.previous_ms : span?.from;
  if (begin === undefined || begin >= first.time_ms) return undefined;
  return {
    from: begin,
    to: first.time_ms,
    state: first.previous,
    boot: first.boot,
    restarts: undefined,
    known: true,
    open: false,
    ends: first,
  };
}

/** A process that did not change in sight: what it was last known to do, in the boot in which it was. */
function stretchSince(state, spans, from, to, now) {
  if (isGone(state.state) || state.state === "silent") return undefined;
  const span = spans.find(({ boot }) => boot === state.boot);
  if (span === undefined || state.since_ms > to) return undefined;
  const end = span.open ? Math.min(to, now) : span.to;
  if (end < from) return undefined;
  return {
    from: state.since_ms,
    to: end,
    state: state.state,
    boot: state.boot,
    restarts: state.restarts,
    known: true,
    open: span.open,
    ends: undefined,
  };
}

function isGone(state) {
  return state === "removed" || state === "machine-lost";
}

/** Whether a run ended in a way that nobody asked for. */
function isCrash({ previous, state, exit_code: code, signal }) {
  if (state === "machine-lost") return true;
  return (
    previous === "running" && state !== "stopping" && (code > 0 || signal !== "" || isBad(state))
  );
}

function isBad(state) {
  return state === "crash-loop-backoff" || state === "max-restarts-reached";
}

function clip(lane, from, to) {
  return {
    ...lane,
    stretches: lane.stretches.filter((one) => one.to >= from && one.from <= to),
    ends: lane.ends.filter((end) => end.time_ms >= from && end.time_ms <= to),
  };
}

const kindOrder = ["process", "cron", "task"];

function byKindAndName(a, b) {
  return (
    kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || a.process.localeCompare(b.process)
  );
}

import type { LossReason } from "pidnap-journal";
import type { Answer } from "./answer.ts";
import type { Batch } from "./batch.ts";

/**
 * The rules of shipping, without any I/O.
 *
 *     begin --GET--> ship from `from` --POST--> 200: go on from the batch's end
 *                      ^                        409: go on from where the server is
 *                      |                        413, 400: the same positions in a smaller batch
 *                      |                        422: the same positions, the refused ones declared lost
 *                      +--- anything the batch does not explain: ask by GET before believing it
 *
 * An answer that never came, or that says nothing about the batch, does not get here: the same
 * batch is sent again until one does.
 */
export interface ShipState {
  /** Where the next batch begins. */
  readonly from: number;
  /** Everything below is the server's, by its own word. What is saved to disk is never above it. */
  readonly confirmed: number;
  /** The highest `from` so far: what lies below has been sent before. */
  readonly highest: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
  /** Positions at or above `from` that the server will not have. */
  readonly refused: ReadonlyMap<number, LossReason>;
  /** Positions below this are of another history and are declared so. */
  readonly foreignBefore: number;
  /** A search for the line that makes a batch unreadable: batches of at most `maxEvents` up to `end`. */
  readonly search: { readonly maxEvents: number; readonly end: number } | undefined;
  /** A position that was refused alone, once, by something that did not name it: it may have been a mishap on the way. */
  readonly doubted: number | undefined;
  /** Every line is parsed before it is sent, up to this position. */
  readonly thoroughBelow: number;
  /** Answers in a row that brought nothing new: they are spaced out like failures. */
  readonly setbacks: number;
}

/** What the shell does next. */
export type Step =
  | { readonly do: "advance" }
  | { readonly do: "rebuild" }
  | { readonly do: "reread" }
  | { readonly do: "ask"; readonly why: string }
  | { readonly do: "fork" }
  | { readonly do: "stuck"; readonly slug: string };

export interface Decision {
  readonly state: ShipState;
  readonly step: Step;
}

export interface Limits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export function initialShipState(
  from: number,
  confirmed: number,
  foreignBefore: number,
  limits: Limits,
): ShipState {
  return {
    from,
    confirmed,
    highest: from,
    ...limits,
    refused: new Map(),
    foreignBefore,
    search: undefined,
    doubted: undefined,
    thoroughBelow: 0,
    setbacks: 0,
  };
}

/** Limits for the next batch. */
export function limitsOf(state: ShipState): Limits {
  const { maxEvents, maxBytes, search } = state;
  return { maxEvents: Math.min(maxEvents, search?.maxEvents ?? maxEvents), maxBytes };
}

/** What an answer that decides about `batch` means. */
export function decide(
  state: ShipState,
  batch: Batch,
  answer: Exclude<Answer, { kind: "failed" | "position" }>,
  thorough: boolean,
): Decision {
  switch (answer.kind) {
    case "accepted":
      return accepted(state, batch, answer.next);
    case "rewind":
      return rewind(state, batch, answer.expected);
    case "fork":
      return { state, step: { do: "fork" } };
    case "too-large":
      return tooLarge(state, batch, answer);
    case "refused":
      return refused(state, batch, answer.seqs);
    case "unreadable":
      return thorough ? unreadable(state, batch, "bad-request") : recheck(state, batch);
  }
}

/** The server's position was asked for and is believed: `next` is where it is. */
export function resumeAt(state: ShipState, next: number): ShipState {
  const moved = moveTo(state, next, next);
  return next > state.highest ? moved : { ...moved, setbacks: state.setbacks + 1 };
}

/** Nothing that was learnt about refusals holds: someone has mended something meanwhile. */
export function forgetRefusals(state: ShipState): ShipState {
  return { ...state, refused: new Map(), search: undefined };
}

function accepted(state: ShipState, batch: Batch, next: number): Decision {
  if (next === batch.end) {
    return { state: moveTo(state, next, next), step: { do: "advance" } };
  }
  // A batch below the position that was confirmed before is the one sent again after a restart.
  if (next === state.confirmed && next > batch.end) {
    return { state: moveTo(state, next, next), step: { do: "reread" } };
  }
  const why = next > batch.end ? "a position beyond what was sent" : "a position within the batch";
  return { state, step: { do: "ask", why } };
}

function rewind(state: ShipState, batch: Batch, expected: number | undefined): Decision {
  if (expected === undefined || expected >= batch.first) {
    return { state, step: { do: "ask", why: "a conflict that the batch does not explain" } };
  }
  const moved = moveTo(state, expected, expected);
  return { state: { ...moved, setbacks: state.setbacks + 1 }, step: { do: "reread" } };
}

function tooLarge(
  state: ShipState,
  batch: Batch,
  said: { readonly maxEvents?: number; readonly maxBytes?: number },
): Decision {
  if (batch.events === 1) return refuseFirst(state, batch, "payload-too-large");
  const limits = limitsOf(state);
  const maxEvents = Math.min(limits.maxEvents, said.maxEvents ?? limits.maxEvents);
  const maxBytes = Math.min(limits.maxBytes, said.maxBytes ?? limits.maxBytes);
  if (maxEvents < batch.events || maxBytes < batch.bytes) {
    return { state: { ...state, maxEvents, maxBytes }, step: { do: "rebuild" } };
  }
  const halved = { maxEvents: half(batch.events), maxBytes: half(batch.bytes) };
  return { state: { ...state, ...halved }, step: { do: "rebuild" } };
}

function refused(state: ShipState, batch: Batch, seqs: readonly number[]): Decision {
  const inBatch = seqs.filter((seq) => seq >= batch.first && seq < batch.end);
  if (inBatch.length === 0) return unreadable(state, batch, "unprocessable");
  const fresh = inBatch.filter((seq) => !isDeclared(batch, seq));
  if (fresh.length === 0) return { state, step: { do: "stuck", slug: "loss-refused" } };
  const more = new Map(state.refused);
  for (const seq of fresh) more.set(seq, "rejected");
  return { state: { ...state, refused: more }, step: { do: "rebuild" } };
}

/** The lines were taken at their word: reading them again, all parsed, finds the fault without asking. */
function recheck(state: ShipState, batch: Batch): Decision {
  return { state: { ...state, thoroughBelow: batch.end }, step: { do: "reread" } };
}

/** Nobody says which line it is: half of the batch, then half of that, until it stands alone. */
function unreadable(state: ShipState, batch: Batch, slug: string): Decision {
  if (batch.events === 1) return refuseFirst(state, batch, slug);
  const end = Math.max(batch.end, state.search?.end ?? 0);
  const search = { maxEvents: half(batch.events), end };
  return { state: { ...state, search }, step: { do: "rebuild" } };
}

function refuseFirst(state: ShipState, batch: Batch, slug: string): Decision {
  // What stands for a loss holds nothing that could be refused: it is not the lines that are at fault.
  if (isDeclared(batch, batch.first)) return { state, step: { do: "stuck", slug } };
  if (state.doubted !== batch.first) {
    return { state: { ...state, doubted: batch.first }, step: { do: "rebuild" } };
  }
  const more = new Map(state.refused).set(batch.first, "rejected");
  return { state: { ...state, refused: more, search: undefined }, step: { do: "rebuild" } };
}

function isDeclared(batch: Batch, seq: number): boolean {
  return batch.lost.some((range) => seq >= range.from && seq <= range.through);
}

function moveTo(state: ShipState, from: number, confirmed: number): ShipState {
  const refused =
    state.refused.size === 0
      ? state.refused
      : new Map([...state.refused].filter(([seq]) => seq >= from));
  const searching = state.search !== undefined && from < state.search.end;
  return {
    ...state,
    from,
    confirmed,
    highest: Math.max(state.highest, from),
    refused,
    search: searching ? state.search : undefined,
    setbacks: from > state.highest ? 0 : state.setbacks,
  };
}

function half(amount: number): number {
  return Math.max(1, Math.floor(amount / 2));
}

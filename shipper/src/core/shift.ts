import type { RecordedLine } from "./wire-lines.ts";

/** How a recording becomes fresh history. */
export interface Shift {
  /** Added to every wall clock time, ms. Monotonic clocks stay: durations are what they were. */
  readonly ms: number;
  /** The id that its segments name. */
  readonly journal: string;
}

/** Fields of events that are wall clock times. */
const wallClockFields = ["at", "entrypointAt", "firstAt", "lastAt"] as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The same line at another time and of another journal; everything else stays as it is. */
export function shiftLine(line: RecordedLine, shift: Shift): RecordedLine {
  const event = JSON.parse(decoder.decode(line.bytes)) as Record<string, unknown>;
  moveTimes(event, wallClockFields, shift.ms);
  if (event["type"] === "segment.opened") {
    event["journal"] = shift.journal;
    const { processes } = event;
    if (isObject(processes)) {
      for (const entry of Object.values(processes)) {
        if (isObject(entry)) moveTimes(entry, ["at"], shift.ms);
      }
    }
  }
  const bytes = encoder.encode(`${JSON.stringify(event)}\n`);
  return { ...line, head: { ...line.head, at: line.head.at + shift.ms }, bytes };
}

/**
 * How far to shift so that the last event is now when it is sent, and none is ahead of its time.
 *
 * @param speed times the recorded pace at which it is sent; Infinity for at once
 */
export function shiftToNowMs(
  recorded: { readonly firstAtMs: number; readonly lastAtMs: number },
  speed: number,
  nowMs: number,
): number {
  const lengthMs = recorded.lastAtMs - recorded.firstAtMs;
  const sendingMs = lengthMs / speed;
  return Math.round(nowMs - recorded.firstAtMs + Math.min(0, sendingMs - lengthMs));
}

function moveTimes(
  fields: Record<string, unknown>,
  names: readonly string[],
  shiftMs: number,
): void {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "number") fields[name] = value + shiftMs;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

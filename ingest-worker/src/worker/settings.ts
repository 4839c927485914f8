import { z } from "zod";
import {
  defaultMaxBytes,
  defaultMaxEvents,
  defaultPointBudget,
  defaultSilentAfterMs,
} from "./limits.ts";

/** A variable of the Worker's configuration that is a whole number, as text or as a number. */
const whole = (least: number, most: number, normal: number) =>
  z.coerce.number().int().min(least).max(most).default(normal);

const settingsSchema = z.object({
  /** Points given to the binding in one invocation. */
  POINT_BUDGET: whole(1, 10_000, defaultPointBudget),
  /** Events of one batch. */
  MAX_EVENTS: whole(1, 10_000, defaultMaxEvents),
  /** Bytes of one batch after decompression. */
  MAX_BYTES: whole(65_536, 16 * 1024 * 1024, defaultMaxBytes),
  /** Quiet time after which a journal is silent, ms. */
  SILENT_AFTER_MS: whole(1, 30 * 24 * 60 * 60 * 1000, defaultSilentAfterMs),
  /** Events per second that a machine should keep to while it catches up; absent: as fast as it goes. */
  PACE_EVENTS_PER_SECOND: z.coerce.number().positive().optional(),
});

/** What the Worker's variables say, with defaults. */
export interface Settings {
  readonly pointBudget: number;
  readonly maxEvents: number;
  readonly maxBytes: number;
  readonly silentAfterMs: number;
  readonly paceEventsPerSecond: number | undefined;
}

/** A variable has a value that cannot be used. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/** What was read of an environment, which stays the same object while an isolate lives. */
const settingsRead = new WeakMap<object, Settings>();

/** Reads the variables. @throws SettingsError that names each one with a value that cannot be used */
export function readSettings(variables: object): Settings {
  const known = settingsRead.get(variables) ?? parseSettings(variables);
  settingsRead.set(variables, known);
  return known;
}

function parseSettings(variables: object): Settings {
  const read = settingsSchema.safeParse(variables);
  if (!read.success) throw new SettingsError(z.prettifyError(read.error));
  return {
    pointBudget: read.data.POINT_BUDGET,
    maxEvents: read.data.MAX_EVENTS,
    maxBytes: read.data.MAX_BYTES,
    silentAfterMs: read.data.SILENT_AFTER_MS,
    paceEventsPerSecond: read.data.PACE_EVENTS_PER_SECOND,
  };
}

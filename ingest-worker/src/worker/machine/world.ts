import type { MachineIdentity } from "../auth.ts";
import type { Settings } from "../settings.ts";
import type { PointBinding } from "./outbox.ts";
import type { MachineStore } from "./store.ts";

/** The one alarm that an object has. */
export interface AlarmClock {
  /** When it rings, ms since the epoch; null where it is not set. */
  readonly get: () => Promise<number | null>;
  /** Sets it, in place of what was set. Stored together with what is stored in the same turn. */
  readonly set: (at: number) => Promise<void>;
}

/** All that a machine's object reaches outside itself: the platform's, or a simulation's. */
export interface MachineWorld {
  readonly store: MachineStore;
  readonly alarm: AlarmClock;
  readonly points: PointBinding;
  readonly settings: Settings;
  readonly now: () => number;
  /** First 32 hex digits of the SHA-256 of a line as sent, without `\n`. */
  readonly hashLine: (text: string) => Promise<string>;
  /** Makes the machine known to viewers of every organisation, before it first stores anything. */
  readonly announce: (identity: MachineIdentity) => Promise<void>;
  readonly logFailure: (what: string, facts: object) => void;
}

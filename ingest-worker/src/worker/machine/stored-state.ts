import { foldStateVersion, initialState } from "pidnap-journal/pure";
import type { FoldState } from "pidnap-journal/pure";

/** A fold's state as a row holds it: JSON, and beside it the version that tells how to read it. */
export interface StoredState {
  readonly version: number;
  readonly json: string;
}

/** One step from a version of the state to the next one. */
export type StateMigration = (older: unknown) => unknown;

/**
 * Steps by the version they begin at. When the state's shape changes, its version goes up and the
 * step from the one before is added here.
 */
const migrations: ReadonlyMap<number, StateMigration> = new Map();

export type ReadState =
  | { readonly kind: "state"; readonly state: FoldState }
  | { readonly kind: "newer-state" };

/** How the state is read: by this code's version, or in a test by another's. */
export interface StateReader {
  readonly current: number;
  readonly migrations: ReadonlyMap<number, StateMigration>;
}

const ownReader: StateReader = { current: foldStateVersion, migrations };

/**
 * Reads a stored state. One newer than the code is left alone: during a deploy both versions run.
 *
 * @throws Error where an older version has no step to the next: a bug, and better than misreading it
 */
export function readState(stored: StoredState, reader: StateReader = ownReader): ReadState {
  if (stored.version > reader.current) return { kind: "newer-state" };
  let value: unknown = JSON.parse(stored.json);
  for (let version = stored.version; version < reader.current; version += 1) {
    const step = reader.migrations.get(version);
    if (step === undefined) throw new Error(`no step from version ${version} of the fold's state`);
    value = step(value);
  }
  return { kind: "state", state: value as FoldState };
}

export function writeState(state: FoldState): StoredState {
  return { version: state.version, json: JSON.stringify(state) };
}

/** The state of a journal of which only the position was kept: it knows nothing, but goes on counting. */
export function forgottenState(measurements: number): FoldState {
  return { ...initialState(), measurements };
}

import { initialState } from "pidnap-journal/pure";
import type { FoldState } from "pidnap-journal/pure";
import { maxFullJournals } from "../limits.ts";
import type { RefusalOf } from "../refusal.ts";
import { forgottenState, readState } from "./stored-state.ts";
import type { JournalSummary, MachineStore } from "./store.ts";

/** A journal as it stands, its state read. */
export interface LoadedJournal {
  readonly kind: "journal";
  /** undefined before its first batch. */
  readonly summary: JournalSummary | undefined;
  readonly state: FoldState;
}

/** The journals' states, read from the store once a waking and kept while the object lives. */
export class Journals {
  readonly #store: MachineStore;
  readonly #loaded = new Map<string, LoadedJournal>();

  constructor(store: MachineStore) {
    this.#store = store;
  }

  load(journal: string): LoadedJournal | RefusalOf<"newer-state"> {
    const known = this.#loaded.get(journal);
    if (known !== undefined) return known;
    const stored = this.#store.journal(journal);
    if (stored === undefined) return { kind: "journal", summary: undefined, state: initialState() };
    const { state, ...summary } = stored;
    if (state === null) {
      return { kind: "journal", summary, state: forgottenState(summary.measurements) };
    }
    const read = readState(state);
    if (read.kind === "newer-state") return read;
    return this.keep(summary, read.state);
  }

  /** Remembers what was just stored. */
  keep(summary: JournalSummary, state: FoldState): LoadedJournal {
    const loaded: LoadedJournal = { kind: "journal", summary, state };
    if (this.#loaded.size >= maxFullJournals) this.#loaded.clear();
    this.#loaded.set(summary.journal, loaded);
    return loaded;
  }

  /** What is remembered of it no longer holds. */
  drop(journal: string): void {
    this.#loaded.delete(journal);
  }
}

import type { ProcessKind } from "../event.ts";
import { maxProcesses } from "../limits.ts";

/** What a transition says, as far as the table keeps it. */
export interface TableChange {
  readonly process: string;
  readonly from: string;
  readonly to: string;
  readonly restarts: number;
  readonly kind: ProcessKind | undefined;
}

interface Row {
  state: string;
  at: number;
  mono: number;
  restarts: number;
  kind: ProcessKind | undefined;
  hasOpenRun: boolean;
  /** Orders the rows by their last change. */
  changeNumber: number;
}

/**
 * The process table of this boot, which every new segment begins with: the same rules as the fold's
 * for what a table says (state, since when, restarts, kind), one row changed in place an event. It
 * also takes the transitions that could not be written, so that the first segment after their loss
 * was declared says how things really are.
 */
export class ProcessTable {
  readonly #rows = new Map<string, Row>();
  /** What the journal says of the processes whose change was lost and is not declared yet; undefined for none. */
  readonly #undeclared = new Map<string, Row | undefined>();
  #changes = 0;

  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  /** @param isWritten whether the journal has the transition */
  change(change: TableChange, at: number, mono: number, isWritten: boolean): void {
    const { process, from, to, restarts, kind } = change;
    const row = this.#rows.get(process);
    if (!isWritten && !this.#undeclared.has(process)) {
      this.#undeclared.set(process, row === undefined ? undefined : { ...row });
    }
    if (to === "removed") {
      this.#rows.delete(process);
      return;
    }
    this.#changes += 1;
    const changeNumber = this.#changes;
    if (row === undefined) {
      const hasOpenRun = to === "running";
      this.#rows.set(process, { state: to, at, mono, restarts, kind, hasOpenRun, changeNumber });
      if (this.#rows.size > maxProcesses) this.#forgetLongestUnchanged();
      return;
    }
    // A transition is believed over the table: from another state than the row's, its run is not known.
    const keepsRun = to === "stopping" && row.state === from && row.hasOpenRun;
    row.hasOpenRun = to === "running" || keepsRun;
    row.state = to;
    row.at = at;
    row.mono = mono;
    row.restarts = restarts;
    row.kind = kind ?? row.kind;
    row.changeNumber = changeNumber;
  }

  /** The journal now says that changes were lost: nobody believes it any more where it differs. */
  lossDeclared(): void {
    this.#undeclared.clear();
  }

  /**
   * The table as JSON text of at most `maxBytes`, as far as the journal tells it. What does not fit
   * is left out: processes without an open run first, the longest unchanged first.
   */
  toJson(maxBytes: number): string {
    const entries = this.#told().map(([name, row]) => {
      const text = `${JSON.stringify(name)}:${rowJson(row)}`;
      return { text, bytes: Buffer.byteLength(text), hasOpenRun: row.hasOpenRun };
    });
    // Braces, and one comma fewer than entries.
    let bytes = 1 + entries.reduce((sum, entry) => sum + entry.bytes + 1, 0);
    const leftOut = new Set<(typeof entries)[number]>();
    const order = [
      ...entries.filter((entry) => !entry.hasOpenRun),
      ...entries.filter((entry) => entry.hasOpenRun),
    ];
    for (const entry of order) {
      if (bytes <= maxBytes) break;
      leftOut.add(entry);
      bytes -= entry.bytes + 1;
    }
    const kept = entries.filter((entry) => !leftOut.has(entry)).map((entry) => entry.text);
    return `{${kept.join(",")}}`;
  }

  /** What the journal tells, the longest unchanged first. */
  #told(): [string, Row][] {
    const rows = new Map(this.#rows);
    for (const [name, row] of this.#undeclared) {
      if (row === undefined) rows.delete(name);
      else rows.set(name, row);
    }
    return [...rows].sort(([, a], [, b]) => a.changeNumber - b.changeNumber);
  }

  #forgetLongestUnchanged(): void {
    let oldest: [string, Row] | undefined;
    for (const entry of this.#rows) {
      if (oldest === undefined || entry[1].changeNumber < oldest[1].changeNumber) oldest = entry;
    }
    if (oldest !== undefined) this.#rows.delete(oldest[0]);
  }
}

function rowJson({ state, at, mono, restarts, kind }: Row): string {
  return JSON.stringify({ state, at, mono, restarts, kind });
}

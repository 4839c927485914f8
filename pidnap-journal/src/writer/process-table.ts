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
}

/**
 * The process table of this boot, which every new segment begins with: the same rules as the fold's
 * for what a table says (state, since when, restarts, kind), one entry changed an event. It also
 * takes the transitions that could not be written, so that the first segment after their loss was
 * declared says how things really are.
 */
export class ProcessTable {
  /** In the order of the last change, the longest unchanged first. */
  readonly #rows = new Map<string, Row>();
  /** What the journal says of the processes whose change was lost and is not declared yet; undefined for none. */
  readonly #undeclared = new Map<string, Row | undefined>();

  /** @param isWritten whether the journal has the transition */
  change(change: TableChange, at: number, mono: number, isWritten: boolean): void {
    const { process, from, to, restarts, kind } = change;
    const rows = this.#rows;
    const before = rows.get(process);
    if (!isWritten && !this.#undeclared.has(process)) this.#undeclared.set(process, before);
    if (before !== undefined) rows.delete(process);
    if (to === "removed") return;
    const hasOpenRun =
      to === "running" ||
      (to === "stopping" && before !== undefined && before.state === from && before.hasOpenRun);
    rows.set(process, { state: to, at, mono, restarts, kind: kind ?? before?.kind, hasOpenRun });
    if (rows.size > maxProcesses) {
      for (const oldest of rows.keys()) {
        rows.delete(oldest);
        break;
      }
    }
  }

  /** The journal now says that changes were lost: nobody believes it any more where it differs. */
  lossDeclared(): void {
    this.#undeclared.clear();
  }

  /**
   * The table as JSON text of at most `maxBytes`, as far as the journal tells it. What does not fit is left out: processes without
   * an open run first, the longest unchanged first.
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

  #told(): [string, Row][] {
    if (this.#undeclared.size === 0) return [...this.#rows];
    const rows = new Map(this.#rows);
    for (const [name, row] of this.#undeclared) {
      if (row === undefined) rows.delete(name);
      else rows.set(name, row);
    }
    return [...rows];
  }
}

function rowJson({ state, at, mono, restarts, kind }: Row): string {
  return JSON.stringify({ state, at, mono, restarts, kind });
}

import type { AcceptedCounts } from "../core/answer.ts";
import type { Batch } from "../core/batch.ts";

/** What became of one journal that was sent again; as JSON it is the command's output. */
export interface ReshipSummary {
  /** The id by its own segments. */
  readonly journal: string | null;
  /** The id it was sent under. */
  readonly sentAs: string;
  readonly files: number;
  /** Of these files, in the order of their positions. */
  readonly paths: readonly string[];
  /** Lines that the server has confirmed, those that declare a loss among them. */
  readonly events: number;
  /** Of these: new to the server. */
  readonly accepted: number;
  /** Of these: the server had them already. */
  readonly duplicates: number;
  /** Points that came of the new ones. */
  readonly points: number;
  /** Positions that were declared lost. */
  readonly lost: number;
  /** Lines that are no events. */
  readonly corrupt: number;
  /** Lines whose positions others of the input have, or that claim one that cannot be. */
  readonly leftOut: number;
  /** The server's position afterwards. */
  readonly next: number;
  readonly bytes: number;
  readonly requests: number;
  readonly tookMs: number;
}

/** Adds up what the server says. */
export class Tally {
  events = 0;
  accepted = 0;
  duplicates = 0;
  points = 0;
  lost = 0;
  bytes = 0;
  requests = 0;

  /**
   * @param known lines of the batch that are below what the server was known to have before
   * @param counts what the server said, where its answer can be the only one: where an earlier one
   *   was lost on its way, the lines that were new then count as duplicates now
   */
  add(batch: Batch, known: number, counts: AcceptedCounts | undefined): void {
    this.events += batch.events;
    this.accepted += counts?.accepted ?? batch.events - known;
    this.duplicates += counts?.duplicates ?? known;
    this.points += counts?.points ?? 0;
    this.lost += batch.lost.reduce((sum, { from, through }) => sum + through - from + 1, 0);
    this.bytes += batch.bytes;
    this.requests += 1;
  }
}

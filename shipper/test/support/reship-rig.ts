import { planJournals } from "../../src/reship/plan.ts";
import { reshipAll, type ReshipOptions } from "../../src/reship/reship-all.ts";
import type { ReshipSummary } from "../../src/reship/tally.ts";
import { FakeRig } from "./fake-rig.ts";

export const freshId = "f0000000-0000-4000-8000-00000000000f";

/** A simulated world in which recordings are sent again. */
export class ReshipRig extends FakeRig {
  readonly summaries: ReshipSummary[] = [];
  readonly progress: number[] = [];

  /** Sends `/journal`, or what `changes` names. */
  async reship(changes: Partial<ReshipOptions> = {}): Promise<ReshipSummary> {
    const { clock } = this.world;
    await clock.runUntil(this.#send(changes));
    const summary = this.summaries.at(-1);
    if (summary === undefined) throw new Error("nothing was sent");
    return summary;
  }

  async #send(changes: Partial<ReshipOptions>): Promise<void> {
    const options: ReshipOptions = {
      paths: ["/journal"],
      url: new URL("http://ingest.test"),
      tokenFile: "/token",
      maxEvents: 250,
      maxBytes: 1024 * 1024,
      compress: "none",
      deadlineMs: 15_000,
      speed: Infinity,
      shiftToNow: false,
      ...changes,
    };
    const plans = await planJournals(this.world.fs, options.paths);
    await reshipAll(Object.assign(this.world, { newId: () => freshId }), options, plans, {
      signal: this.stop.signal,
      onProgress: (lines) => this.progress.push(lines),
      onSummary: (summary) => this.summaries.push(summary),
    });
  }
}

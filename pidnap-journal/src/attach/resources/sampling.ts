import type { NewEvent } from "../../event.ts";
import type { AttachWorld } from "../world.ts";
import { takeReading, type Reading } from "./reading.ts";
import { sampleBetween } from "./sample.ts";

/** What samples are taken with. */
export interface SamplingNeeds {
  readonly world: AttachWorld;
  readonly intervalMs: number;
  /** On the file system that is sampled. */
  readonly dir: string;
  readonly append: (event: NewEvent) => void;
  readonly report: (error: unknown) => void;
}

/** The first sample does not wait longer, ms: whoever looks at a machine that just came up sees something. */
const firstIntervalMs = 1000;

/**
 * Takes a sample every interval. A sample is what happened between two readings, so the first reading,
 * now, is none yet: the first sample comes after a second, or an interval where that is shorter.
 *
 * @returns what ends it
 */
export function startSampling(needs: SamplingNeeds): () => void {
  const { append, dir, intervalMs, report, world } = needs;
  let before: Reading | undefined;
  let cancel = (): void => undefined;
  let isEnded = false;

  const read = async (): Promise<void> => {
    const now = await takeReading(world, dir);
    // The reading took its time: what it is for may have ended meanwhile.
    if (isEnded) return;
    const event = before === undefined ? undefined : sampleBetween(before, now);
    if (event !== undefined) append(event);
    // Two readings too near to each other leave the first one as the beginning.
    if (event !== undefined || before === undefined || isUseless(before)) before = now;
  };
  const again = (delayMs: number): void => {
    read()
      .catch(report)
      .finally(() => {
        if (!isEnded) cancel = world.later(delayMs, () => again(intervalMs));
      });
  };
  again(Math.min(intervalMs, firstIntervalMs));
  return () => {
    isEnded = true;
    cancel();
  };
}

/** Whether no sample can ever begin with it. */
function isUseless(reading: Reading): boolean {
  return reading.cpu === undefined;
}

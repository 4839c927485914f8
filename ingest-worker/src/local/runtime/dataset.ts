import { currentInvocation, type Invocation } from "./invocation.ts";
import { encodePoints } from "./encode-points.ts";
import { checkPoint, type CheckedPoint } from "./write-rules.ts";

/** What the binding's own worker is given. */
interface BindingEnv {
  /** The Node side, which stores. */
  readonly STORE: { fetch(url: string, init: RequestInit): Promise<Response> };
  readonly DATASET: string;
  /** How many points one invocation may write. */
  readonly MAX_POINTS: number;
}

interface Batch {
  readonly points: CheckedPoint[];
  readonly stored: Promise<void>;
}

/**
 * Makes the `AnalyticsEngineDataset` a Worker finds in its environment. `writeDataPoint` keeps the
 * platform's rules and throws at once where one is broken. Unlike the platform's it returns a
 * promise, which resolves when the point is stored and rejects when it could not be: locally that
 * can be known, and a Worker may wait for it before it answers.
 */
export default function makeDataset(env: BindingEnv): { writeDataPoint(point?: unknown): unknown } {
  let open: Batch | undefined;

  return {
    writeDataPoint(point) {
      const checked = take(point);
      open ??= begin();
      open.points.push(checked);
      return open.stored;
    },
  };

  /** Production drops in silence, and people find out weeks later: here it is in the log as well. */
  function take(point: unknown): CheckedPoint {
    try {
      const checked = checkPoint(point);
      // Outside of any invocation (a module's top level) there is no budget to spend.
      spend(currentInvocation() ?? { points: env.MAX_POINTS }, env.MAX_POINTS);
      return checked;
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** Points written in one turn of the event loop go over together. */
  function begin(): Batch {
    const points: CheckedPoint[] = [];
    const stored = Promise.resolve().then(() => {
      open = undefined;
      return send(env, points);
    });
    // A Worker written for production ignores what `writeDataPoint` returns; the log has it anyway.
    stored.catch(() => {});
    return { points, stored };
  }
}

function spend(invocation: Invocation, maxPoints: number): void {
  if (invocation.points >= maxPoints) {
    throw new Error(
      `writeDataPoint(): this invocation has written its ${maxPoints} points; this one is dropped.`,
    );
  }
  invocation.points += 1;
}

async function send(env: BindingEnv, points: readonly CheckedPoint[]): Promise<void> {
  const response = await env.STORE.fetch(`http://store/${env.DATASET}`, {
    method: "POST",
    body: encodePoints(points),
  });
  await response.body?.cancel();
  if (!response.ok) {
    const message = `${env.DATASET}: ${points.length} points were not stored (${response.status}).`;
    console.error(message);
    throw new Error(message);
  }
}

import type { Batch } from "./core/batch.ts";
import type { CorruptPlace } from "./disk/reader.ts";
import type { RequestError } from "./errors.ts";
import { warnEveryMs } from "./limits.ts";
import type { StatusKeeper } from "./status/status-keeper.ts";
import type { ShipListener } from "./listener.ts";
import type { World } from "./world.ts";

/** Hears what happens and tells people: the log, and what `status` shows. */
export class Observer {
  readonly #world: World;
  readonly #status: StatusKeeper;
  readonly #listener: ShipListener;
  readonly #warnedAtMs = new Map<string, number>();
  /** How long the last answer took to come, ms. */
  #tookMs = 0;

  constructor(world: World, status: StatusKeeper, listener: ShipListener) {
    this.#world = world;
    this.#status = status;
    this.#listener = listener;
  }

  positioned(next: number): void {
    this.#world.log.info("The server's position is known.", { next });
    this.#status.positioned(next);
    this.#listener.positioned?.(next);
  }

  /** The server has answered, whatever it said. */
  answered(tookMs: number): void {
    this.#tookMs = tookMs;
  }

  advanced(batch: Batch): void {
    this.#status.shipped(batch, this.#tookMs);
    this.#listener.advanced?.(batch);
    for (const range of batch.lost) {
      this.#warn(`lost-${range.reason}`, "Events are lost and were declared so.", { ...range });
    }
  }

  asking(why: string): void {
    this.#warn(
      "asking",
      "The answer does not fit what was sent: the server's position is asked for.",
      { why },
    );
  }

  corrupt(place: CorruptPlace): void {
    this.#warn("corrupt", "A corrupt line is passed over.", { ...place });
  }

  failed(error: RequestError, attempt: number, delayMs: number): void {
    this.#status.failed(error, attempt, delayMs);
    this.#listener.failed?.(error);
    const { slug, status, hint } = error;
    const fields = { slug, status, attempt, retryInMs: delayMs, hint };
    // What only a person heals is said louder.
    this.#warn(
      `failed-${slug}`,
      error.message,
      fields,
      error.healing === "slow" ? "error" : "warn",
    );
  }

  /** It is not tried again: who asked for that is told by the error itself. */
  gaveUp(error: RequestError, attempt: number): void {
    this.#status.failed(error, attempt, undefined);
    this.#listener.failed?.(error);
  }

  idle(): void {
    this.#status.settle();
  }

  /** One line of a kind a minute: what goes wrong goes wrong often. */
  #warn(
    kind: string,
    message: string,
    fields: Readonly<Record<string, string | number>>,
    level: "warn" | "error" = "warn",
  ): void {
    const nowMs = this.#world.clock.mono();
    const lastMs = this.#warnedAtMs.get(kind);
    if (lastMs !== undefined && nowMs - lastMs < warnEveryMs) return;
    this.#warnedAtMs.set(kind, nowMs);
    this.#world.log[level](message, fields);
  }
}

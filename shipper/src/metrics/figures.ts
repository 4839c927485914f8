import type { LossReason } from "pidnap-journal";
import { Counter, Gauge, Registry, type OpenMetricsContentType } from "prom-client";
import type { ShipListener } from "../listener.ts";
import type { StatusReport } from "../status/conclude.ts";
import type { Request } from "../world.ts";

/** How every name begins. */
const prefix = "pidnap_shipper_";

/** A figure of the report, by its name without the prefix; none where it is not known. */
type GaugeOf = readonly [help: string, value: (report: StatusReport) => number | null | undefined];

const gauges: Readonly<Record<string, GaugeOf>> = {
  position: [
    "First position of the journal that is still to be shipped.",
    ({ position }) => position,
  ],
  server_position: [
    "First position that the server does not have, as it said last.",
    ({ server }) => server?.next,
  ],
  lag_events: ["Events on disk that the server does not have.", ({ lag }) => lag?.events],
  lag_bytes: ["Size of what is on disk and was not shipped.", ({ lag }) => lag?.bytes],
  lag_seconds: ["Age of the oldest event that was not shipped.", ({ lag }) => lag?.seconds],
  expired_events: [
    "Events of the lag that were deleted before they could be read.",
    ({ lag }) => lag?.expired,
  ],
  shipping_events_per_second: [
    "Rate of shipping over the last minute or so.",
    ({ rate }) => rate.shippedEventsPerSecond,
  ],
  writing_events_per_second: [
    "Rate at which the newest boot has been journaled lately.",
    ({ rate }) => rate.writtenEventsPerSecond,
  ],
  failed_attempts: [
    "Attempts that failed in a row, 0 where the last one did not.",
    ({ failedAttempts }) => failedAttempts,
  ],
  last_success_timestamp_seconds: [
    "When the server last answered as it should.",
    ({ lastSuccess }) => seconds(lastSuccess?.atMs),
  ],
  last_error_timestamp_seconds: [
    "When an attempt last failed.",
    ({ lastError }) => seconds(lastError?.atMs),
  ],
  next_retry_timestamp_seconds: [
    "When the next attempt is due, while attempts fail.",
    ({ nextRetryAtMs }) => seconds(nextRetryAtMs),
  ],
  token_expiry_timestamp_seconds: [
    "When the token expires.",
    ({ token }) => seconds(token?.expiresAtMs),
  ],
  retention_headroom_bytes: [
    "What can be written before the oldest segment that was not shipped is deleted.",
    ({ retention }) => retention?.leftBytes,
  ],
  retention_headroom_seconds: [
    "How long that takes at the rate at which the journal is written.",
    ({ retention }) => retention?.leftSeconds,
  ],
  start_timestamp_seconds: ["When this process began.", (report) => seconds(report.startedAtMs)],
};

const counters = {
  events_shipped: "Lines that the server has taken, those that declare a loss among them.",
  bytes_shipped: "Size of these lines, before compression.",
  batches_shipped: "Batches that the server has taken.",
  requests: "Requests made, whatever became of them.",
  request_bytes: "Size of their bodies as they were sent.",
};

/** A counter that only appears with its first event hides that event from a rate. */
const noLosses: Readonly<Record<LossReason, 0>> = {
  expired: 0,
  corrupt: 0,
  rejected: 0,
  foreign: 0,
};

/** The figures of one shipper, in a registry of its own. Counters begin at 0 with the process. */
export class Figures {
  readonly registry = new Registry<OpenMetricsContentType>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #counters: Readonly<Record<keyof typeof counters, Counter>>;
  readonly #failures: Counter<"slug">;
  readonly #losses: Counter<"reason">;

  constructor(version: string) {
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const registers = [this.registry];
    for (const [name, [help]] of Object.entries(gauges)) {
      this.#gauges.set(name, new Gauge({ name: prefix + name, help, registers }));
    }
    const counter = (name: keyof typeof counters): Counter =>
      new Counter({ name: prefix + name, help: counters[name], registers });
    this.#counters = {
      events_shipped: counter("events_shipped"),
      bytes_shipped: counter("bytes_shipped"),
      batches_shipped: counter("batches_shipped"),
      requests: counter("requests"),
      request_bytes: counter("request_bytes"),
    };
    this.#failures = new Counter({
      name: `${prefix}failures`,
      help: "Attempts that failed, by what was wrong.",
      labelNames: ["slug"],
      registers,
    });
    this.#losses = new Counter({
      name: `${prefix}events_lost`,
      help: "Events that were declared lost, by the reason.",
      labelNames: ["reason"],
      registers,
    });
    for (const reason of Object.keys(noLosses)) this.#losses.inc({ reason }, 0);
    new Gauge({
      name: `${prefix}build_info`,
      help: "Version of the shipper and of the Node.js under it; always 1.",
      labelNames: ["version", "node"],
      registers,
    }).set({ version, node: process.versions.node }, 1);
  }

  /** Counts what happens. */
  readonly listener: ShipListener = {
    advanced: (batch) => {
      this.#counters.events_shipped.inc(batch.events);
      this.#counters.bytes_shipped.inc(batch.bytes);
      this.#counters.batches_shipped.inc();
      for (const { from, through, reason } of batch.lost) {
        this.#losses.inc({ reason }, through - from + 1);
      }
    },
    failed: ({ slug }) => this.#failures.inc({ slug: this.#knownSlug(slug) }),
  };

  /** `request`, with what goes out counted. */
  counting(request: Request): Request {
    return (wanted, signal) => {
      this.#counters.requests.inc();
      const bytes = (wanted.body ?? []).reduce((sum, piece) => sum + piece.length, 0);
      this.#counters.request_bytes.inc(bytes);
      return request(wanted, signal);
    };
  }

  /** The exposition as of now: what the report does not know is left out. */
  async expose(report: StatusReport): Promise<string> {
    for (const [name, [, valueOf]] of Object.entries(gauges)) {
      const value = valueOf(report);
      if (typeof value === "number") this.#gauges.get(name)?.set(value);
      else this.#gauges.get(name)?.remove();
    }
    return this.registry.metrics();
  }

  readonly #slugs = new Set<string>();

  /** A slug can come from a server, which must not be able to fill this memory. */
  #knownSlug(slug: string): string {
    if (this.#slugs.size < maxSlugs) this.#slugs.add(slug);
    return this.#slugs.has(slug) ? slug : "other";
  }
}

/** Kinds of failures that are told apart: four times as many as there are. */
const maxSlugs = 100;

function seconds(ms: number | null | undefined): number | undefined {
  return typeof ms === "number" ? ms / 1000 : undefined;
}

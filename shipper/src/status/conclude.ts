import type { Checkpoint } from "../state/checkpoint.ts";
import { formatDurationMs } from "../units.ts";
import { positionOf, type Findings } from "./findings.ts";
import type { ShipperStatus } from "./status-file.ts";

/** Everything that `status` tells; as JSON it is the command's output. Times are ms since the epoch. */
export interface StatusReport {
  readonly state: string;
  readonly dir: string | null;
  readonly url: string | null;
  readonly running: boolean;
  readonly pid: number | null;
  readonly startedAtMs: number | null;
  /** Null where it runs, or ended without having been able to say so. */
  readonly stoppedAtMs: number | null;
  readonly journal: string | null;
  readonly shippedAs: string | null;
  readonly forks: Checkpoint["forks"];
  /** Everything below is the server's. */
  readonly position: number | null;
  readonly server: { readonly next: number; readonly heardAtMs: number } | null;
  /** Null where there is no journal to compare with. */
  readonly lag: {
    readonly events: number;
    readonly bytes: number;
    readonly seconds: number;
    /** Of these events: deleted before they were read. */
    readonly expired: number;
  } | null;
  readonly rate: {
    readonly shippedEventsPerSecond: number;
    readonly shippedBytesPerSecond: number;
    readonly writtenEventsPerSecond: number | null;
    readonly writtenBytesPerSecond: number | null;
  };
  readonly shipped: ShipperStatus["shipped"] | null;
  readonly lastSuccess: NonNullable<ShipperStatus["lastSuccess"]> | null;
  readonly lastError: NonNullable<ShipperStatus["lastError"]> | null;
  readonly failedAttempts: number;
  readonly nextRetryAtMs: number | null;
  readonly token: { readonly expiresAtMs: number; readonly expiresInSeconds: number } | null;
  readonly retention: {
    readonly maxBytes: number;
    /** What can still be written before the oldest segment that was not shipped is deleted. */
    readonly leftBytes: number;
    readonly leftSeconds: number | null;
  } | null;
  /** What needs a person, each a sentence. */
  readonly warnings: readonly string[];
}

/** A token that has so long to go is worth a warning, ms. */
const tokenWarningMs = 7 * 86_400_000;
/** An unshipped segment that has so long to go is worth a warning, ms. */
const retentionWarningMs = 3_600_000;

/** What the findings mean. */
export function conclude(findings: Findings): StatusReport {
  const { options, status, checkpoint, dir, alive, expiresAtMs, nowMs } = findings;
  return {
    state: options.state,
    dir: dir ?? null,
    url: status?.url ?? null,
    running: alive,
    pid: status?.pid ?? null,
    startedAtMs: status?.startedAtMs ?? null,
    stoppedAtMs: status?.stoppedAtMs ?? null,
    journal: checkpoint?.journal ?? null,
    shippedAs: checkpoint?.shipAs ?? null,
    forks: checkpoint?.forks ?? [],
    position: positionOf(checkpoint, status) ?? null,
    server: status?.server ?? null,
    lag: lagOf(findings),
    rate: {
      // What it did before it ended is no rate now.
      shippedEventsPerSecond: alive ? (status?.rate.eventsPerSecond ?? 0) : 0,
      shippedBytesPerSecond: alive ? (status?.rate.bytesPerSecond ?? 0) : 0,
      writtenEventsPerSecond: findings.backlog?.written?.eventsPerSecond ?? null,
      writtenBytesPerSecond: findings.backlog?.written?.bytesPerSecond ?? null,
    },
    shipped: status?.shipped ?? null,
    lastSuccess: status?.lastSuccess ?? null,
    lastError: status?.lastError ?? null,
    failedAttempts: status?.failedAttempts ?? 0,
    nextRetryAtMs: (alive ? status?.nextRetryAtMs : undefined) ?? null,
    token:
      expiresAtMs === undefined
        ? null
        : { expiresAtMs, expiresInSeconds: Math.round((expiresAtMs - nowMs) / 1000) },
    retention: retentionOf(findings),
    warnings: warningsOf(findings),
  };
}

function lagOf({ backlog, nowMs }: Findings): StatusReport["lag"] {
  if (backlog === undefined) return null;
  const { events, bytes, oldestAtMs = nowMs, expired } = backlog;
  // A clock that was set back since makes no event younger than now.
  return { events, bytes, seconds: Math.max(0, nowMs - oldestAtMs) / 1000, expired };
}

function retentionOf({ backlog, retentionBytes: maxBytes }: Findings): StatusReport["retention"] {
  if (backlog === undefined) return null;
  const leftBytes = Math.max(0, maxBytes - backlog.unreadSegmentsBytes);
  const perSecond = backlog.written?.bytesPerSecond ?? 0;
  return { maxBytes, leftBytes, leftSeconds: perSecond > 0 ? leftBytes / perSecond : null };
}

function warningsOf(findings: Findings): string[] {
  return [
    ...findings.damaged.map((name) => `${name} is damaged; the shipper makes it anew.`),
    ...processWarnings(findings),
    ...journalWarnings(findings),
    ...tokenWarnings(findings),
  ];
}

function processWarnings({ status, alive }: Findings): string[] {
  if (status === undefined) return ["The shipper has not said yet what it does."];
  if (alive) return [];
  const ended =
    status.stoppedAtMs === undefined
      ? `The shipper is not running: process ${status.pid} ended without having been told to.`
      : "The shipper is not running: it ended in order.";
  return [ended];
}

function journalWarnings(findings: Findings): string[] {
  const { backlog, dir, checkpoint, unreadable } = findings;
  const warnings: string[] = [];
  if (unreadable !== undefined) {
    warnings.push(`The journal in ${dir} cannot be read (${unreadable}): its lag is not known.`);
  } else if (dir !== undefined && backlog === undefined) {
    warnings.push(`There is no journal in ${dir}; give --dir where it is elsewhere.`);
  }
  if (backlog !== undefined && backlog.expired > 0) {
    warnings.push(`${backlog.expired} events were deleted before they could be shipped.`);
  }
  const leftSeconds = retentionOf(findings)?.leftSeconds ?? Infinity;
  const unread = backlog !== undefined && backlog.events > 0;
  if (unread && leftSeconds * 1000 < retentionWarningMs) {
    const left = formatDurationMs(leftSeconds * 1000);
    warnings.push(`At this rate the oldest unread segment expires in ${left}.`);
  }
  const fork = checkpoint?.forks.at(-1);
  if (fork !== undefined) {
    warnings.push(
      `The server held another history under ${fork.disputed}: this one goes on as ${fork.shipAs}.`,
    );
  }
  return warnings;
}

function tokenWarnings({ expiresAtMs, nowMs }: Findings): string[] {
  if (expiresAtMs === undefined) return [];
  const leftMs = expiresAtMs - nowMs;
  if (leftMs > tokenWarningMs) return [];
  const advice = "put a new one into its file, which is read again by itself.";
  if (leftMs <= 0) return [`The token expired ${formatDurationMs(-leftMs)} ago: ${advice}`];
  return [`The token expires in ${formatDurationMs(leftMs)}: ${advice}`];
}

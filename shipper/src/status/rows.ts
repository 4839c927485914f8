import { formatBytes, formatDurationMs } from "../units.ts";
import type { StatusReport } from "./conclude.ts";

/** The report as rows of a name and a text, for people; what is not known is left out. */
export function statusRows(report: StatusReport, nowMs: number): [string, string][] {
  const rows: [string, string | undefined][] = [
    ["shipper", shipperText(report, nowMs)],
    ["journal", report.journal ?? undefined],
    ["shipped as", report.shippedAs === report.journal ? undefined : (report.shippedAs ?? "")],
    ["directory", report.dir ?? undefined],
    ["server", report.url ?? undefined],
    ["position", report.position?.toString()],
    ["server's position", serverText(report, nowMs)],
    ["lag", lagText(report)],
    ["rate", rateText(report)],
    ["shipped", shippedText(report)],
    ["last success", successText(report, nowMs)],
    ["last error", errorText(report, nowMs)],
    ["attempts", attemptsText(report, nowMs)],
    ["token", tokenText(report)],
    ["retention", retentionText(report)],
    ...report.forks.map((fork): [string, string] => [
      "fork",
      `${fork.disputed} goes on as ${fork.shipAs} since ${ago(fork.atMs, nowMs)}`,
    ]),
    ...report.warnings.map((warning): [string, string] => ["WARNING", warning]),
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

function shipperText(report: StatusReport, nowMs: number): string | undefined {
  const { running, pid, startedAtMs, stoppedAtMs } = report;
  if (running) return `runs as process ${pid}, started ${ago(startedAtMs ?? nowMs, nowMs)}`;
  if (stoppedAtMs !== null) return `not running, stopped ${ago(stoppedAtMs, nowMs)}`;
  return pid === null ? undefined : `not running, process ${pid} is gone`;
}

function serverText({ server }: StatusReport, nowMs: number): string | undefined {
  return server === null ? undefined : `${server.next}, heard ${ago(server.heardAtMs, nowMs)}`;
}

function lagText({ lag }: StatusReport): string | undefined {
  if (lag === null) return undefined;
  if (lag.events === 0) return "none";
  const { events, bytes, seconds } = lag;
  return `${events} events, ${formatBytes(bytes)}, ${formatDurationMs(seconds * 1000)}`;
}

function rateText({ rate }: StatusReport): string {
  const shipped = `${perSecond(rate.shippedEventsPerSecond)} shipped`;
  if (rate.writtenEventsPerSecond === null) return shipped;
  return `${shipped}, ${perSecond(rate.writtenEventsPerSecond)} written`;
}

function perSecond(events: number): string {
  return `${events >= 10 || events === 0 ? Math.round(events) : Number(events.toPrecision(2))} events/s`;
}

function shippedText({ shipped }: StatusReport): string | undefined {
  if (shipped === null) return undefined;
  const lost = shipped.lost === 0 ? "" : `, ${shipped.lost} events declared lost`;
  return `${shipped.events} events, ${formatBytes(shipped.bytes)} since its start${lost}`;
}

function successText({ lastSuccess }: StatusReport, nowMs: number): string {
  if (lastSuccess === null) return "never";
  const { atMs, events, tookMs } = lastSuccess;
  const what = events === 0 ? "the position" : `${events} events in ${formatDurationMs(tookMs)}`;
  return `${ago(atMs, nowMs)}, ${what}`;
}

function errorText({ lastError }: StatusReport, nowMs: number): string {
  if (lastError === null) return "never";
  const { atMs, slug, message, hint } = lastError;
  return `${ago(atMs, nowMs)}, ${slug}: ${message} ${hint}`;
}

function attemptsText(report: StatusReport, nowMs: number): string | undefined {
  const { failedAttempts, nextRetryAtMs } = report;
  if (failedAttempts === 0) return undefined;
  const failed = `${failedAttempts} failed in a row`;
  if (nextRetryAtMs === null) return failed;
  const waitMs = nextRetryAtMs - nowMs;
  return `${failed}, next ${waitMs > 0 ? `in ${formatDurationMs(waitMs)}` : "now"}`;
}

function tokenText({ token }: StatusReport): string | undefined {
  if (token === null) return undefined;
  const { expiresInSeconds, expiresAtMs } = token;
  const at = new Date(expiresAtMs).toISOString();
  if (expiresInSeconds <= 0) return `expired at ${at}`;
  return `expires in ${formatDurationMs(expiresInSeconds * 1000)}, at ${at}`;
}

function retentionText({ retention, lag }: StatusReport): string | undefined {
  if (retention === null || lag === null) return undefined;
  const { leftBytes, leftSeconds, maxBytes } = retention;
  const room = `${formatBytes(leftBytes)} of ${formatBytes(maxBytes)} left`;
  if (leftSeconds === null) return room;
  const left = formatDurationMs(leftSeconds * 1000);
  return lag.events === 0
    ? `${room}; at this rate an outage of ${left} costs nothing`
    : `${room}; at this rate the oldest unread segment expires in ${left}`;
}

function ago(atMs: number, nowMs: number): string {
  return `${formatDurationMs(Math.max(0, nowMs - atMs))} ago`;
}

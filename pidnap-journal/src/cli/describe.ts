import { isKnownEvent, type EventOf, type JournalEvent, type KnownEvent } from "../event.ts";
import { safeJson, safeText } from "./safe-text.ts";
import { formatDuration } from "./time.ts";

/** How much a person should care. */
export type Severity = "bad" | "warning" | "good" | "plain" | "quiet";

/** An event in words, safe for a terminal. */
export interface Description {
  readonly text: string;
  readonly severity: Severity;
}

/** What an event says, for people. */
export function describe(event: JournalEvent): Description {
  if (isKnownEvent(event)) return describeKnown(event);
  const { v: _v, seq: _seq, at: _at, mono: _mono, boot: _boot, type, ...fields } = event;
  return { text: `${safeText(type)} ${safeJson(fields)}`, severity: "quiet" };
}

function describeKnown(event: KnownEvent): Description {
  switch (event.type) {
    case "process.transitioned":
      return describeTransition(event);
    case "resources.sampled":
      return { text: describeSample(event), severity: "quiet" };
    case "machine.booted":
      return { text: describeBoot(event), severity: "good" };
    case "machine.ready":
      return { text: "machine ready", severity: "good" };
    case "machine.stopped": {
      const reason = event.reason === undefined ? "" : ` (${safeText(event.reason)})`;
      return { text: `machine stopped${reason}`, severity: "warning" };
    }
    case "tasks.completed": {
      const failed = event.failed === 0 ? "" : `, ${event.failed} failed`;
      const severity = event.failed === 0 ? "good" : "bad";
      return { text: `tasks completed: ${event.count}${failed}`, severity };
    }
    case "segment.opened": {
      const count = Object.keys(event.processes).length;
      return {
        text: `segment opened with ${plural(count, "process", "processes")}`,
        severity: "quiet",
      };
    }
    case "events.dropped": {
      const text = `${plural(event.count, "event", "events")} dropped: ${safeText(event.reason)}`;
      return { text, severity: "bad" };
    }
    case "events.lost":
      return {
        text: `positions ${event.seq} to ${event.through} lost: ${event.reason}`,
        severity: "bad",
      };
  }
}

function describeTransition(event: EventOf<"process.transitioned">): Description {
  const facts: string[] = [];
  if (event.signal !== undefined) facts.push(`signal ${safeText(event.signal)}`);
  if (event.exitCode !== undefined && event.exitCode !== null) facts.push(`exit ${event.exitCode}`);
  if (event.exitCode === null && event.signal === undefined) facts.push("no exit code");
  if (event.restarts > 0) facts.push(plural(event.restarts, "restart", "restarts"));
  if (event.pid !== undefined) facts.push(`pid ${event.pid}`);
  if (event.kind !== undefined && event.kind !== "process") facts.push(event.kind);
  const why = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  const text = `${safeText(event.process)}: ${safeText(event.from)} → ${safeText(event.to)}${why}`;
  return { text, severity: severityOf(event) };
}

function severityOf(event: EventOf<"process.transitioned">): Severity {
  if (event.to === "crash-loop-backoff" || event.to === "max-restarts-reached") return "bad";
  if ((event.exitCode ?? 0) !== 0 || event.signal !== undefined) return "bad";
  if (event.to === "restarting") return "warning";
  return event.to === "running" ? "good" : "plain";
}

function describeSample(event: EventOf<"resources.sampled">): string {
  const facts = [
    `cpu ${figure(event.cpuPercent)}%`,
    `memory ${figure(event.memoryUsedMb)} of ${figure(event.memoryTotalMb)} MB`,
    `disk ${figure(event.diskUsedPercent)}%`,
  ];
  if (event.load1 !== undefined) facts.push(`load ${figure(event.load1)}`);
  if (event.cgroupCpuPercent !== undefined) {
    facts.push(`cgroup cpu ${figure(event.cgroupCpuPercent)}%`);
  }
  if (event.cgroupMemoryMb !== undefined) {
    const limit = event.cgroupMemoryLimitMb;
    const of = limit === undefined ? "" : ` of ${figure(limit)}`;
    facts.push(`cgroup memory ${figure(event.cgroupMemoryMb)}${of} MB`);
  }
  if ((event.cgroupOomKills ?? 0) > 0) facts.push(`OOM kills ${event.cgroupOomKills}`);
  return facts.join(", ");
}

function describeBoot(event: EventOf<"machine.booted">): string {
  const facts = [
    `${formatDuration(Math.max(0, event.at - event.entrypointAt))} after the entrypoint`,
  ];
  if (event.pidnapVersion !== undefined) facts.push(`pidnap ${safeText(event.pidnapVersion)}`);
  if (event.hostname !== undefined) facts.push(`host ${safeText(event.hostname)}`);
  if (event.kernel !== undefined) facts.push(`kernel ${safeText(event.kernel)}`);
  if (event.cpus !== undefined) facts.push(plural(event.cpus, "CPU", "CPUs"));
  if (event.memoryTotalMb !== undefined) facts.push(`${figure(event.memoryTotalMb)} MB`);
  return `machine booted ${facts.join(", ")}`;
}

/** At most one decimal, as much as a person reads. */
export function figure(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** `1 restart`, `2 restarts`. */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

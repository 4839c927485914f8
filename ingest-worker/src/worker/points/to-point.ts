import { cutToBytes, utf8Bytes } from "pidnap-journal/pure";
import type { ResourceMeasurement } from "pidnap-journal/pure";
import { maxBlobsBytes, maxIndexBytes } from "../limits.ts";
import type { Measured } from "./columns.ts";

/** One write to Analytics Engine, as `writeDataPoint` takes it. */
export interface DataPoint {
  readonly indexes: [string];
  readonly blobs: string[];
  readonly doubles: number[];
}

/** The point that a measurement becomes, within every limit of Analytics Engine. */
export function toPoint(measured: Measured): DataPoint {
  const { machine } = measured.identity;
  return {
    indexes: [cutToBytes(machine, maxIndexBytes)],
    blobs: fit(blobsOf(measured)),
    doubles: finite(doublesOf(measured)),
  };
}

// What follows says in order what the table says by name (columns.ts); a test holds one against the
// other. Asking the table's thirty functions for each point takes longer than folding the event.

function blobsOf({ measurement: m, identity, journal }: Measured): string[] {
  const { org, project, machineType } = identity;
  const event = `${journal}:${m.seq}`;
  switch (m.kind) {
    case "resource":
      return [org, project, machineType, m.kind, "", "", m.boot, event, "", "", "", "", ""];
    case "process": {
      const head = [org, project, machineType, m.kind, m.process, m.state, m.boot, event];
      head.push(m.previousState, m.signal, m.processKind, "", "");
      return head;
    }
    case "startup": {
      const head = [org, project, machineType, m.kind, "", m.state, m.boot, event];
      head.push("", "", "", m.pidnapVersion, m.hostname);
      return head;
    }
    case "journal":
      return [org, project, machineType, m.kind, "", m.reason, m.boot, event, "", "", "", "", ""];
  }
}

function doublesOf({ measurement: m, receivedAt }: Measured): number[] {
  const lagMs = receivedAt - m.at;
  const none = 0;
  switch (m.kind) {
    case "resource":
      return resourceDoubles(m, lagMs);
    case "process": {
      const own = [m.durationMs, m.restarts, m.exitCode, m.previousStateMs, m.at, lagMs];
      own.push(none, none, none, none, none, none, none, none, none, none, none, none, none);
      own.push(m.number);
      return own;
    }
    case "startup": {
      const own = [m.timeToReadyMs, m.entrypointStartMs, m.tasksCompleteMs, m.daemonReadyMs];
      own.push(m.at, lagMs, m.cpus, m.memoryTotalMb);
      own.push(none, none, none, none, none, none, none, none, none, none, none, m.number);
      return own;
    }
    case "journal": {
      const own = [m.lostEvents, m.firstLostSeq, m.lastLostSeq, none, m.at, lagMs];
      own.push(none, none, none, none, none, none, none, none, none, none, none, none, none);
      own.push(m.number);
      return own;
    }
  }
}

function resourceDoubles(m: ResourceMeasurement, lagMs: number): number[] {
  const { optional } = m;
  return [
    m.cpuPercent,
    m.memoryUsedMb,
    m.memoryTotalMb,
    m.diskUsedPercent,
    m.at,
    lagMs,
    optional.load1,
    optional.swapUsedMb,
    optional.cgroupCpuPercent,
    optional.cgroupMemoryMb,
    optional.cgroupMemoryLimitMb,
    optional.cgroupThrottledPercent,
    optional.cgroupOomKills,
    optional.memoryPressurePercent,
    optional.cpuPressurePercent,
    optional.ioPressurePercent,
    optional.networkRxBytes,
    optional.networkTxBytes,
    optional.diskTotalMb,
    m.number,
  ];
}

/** The binding refuses a point with a double that is none. */
function finite(doubles: number[]): number[] {
  for (let index = 0; index < doubles.length; index += 1) {
    if (!Number.isFinite(doubles[index])) doubles[index] = 0;
  }
  return doubles;
}

/** Blobs 4 to 8 tell a point from every other: how they are cut depends on nothing but the event. */
const identityBlobs = { from: 3, until: 8 };

/** Bytes for the longest blob of the identity, a reason; the others are bounded by the format. */
const maxIdentityBlobBytes = 12_000;

/** Bytes that one UTF-16 unit takes in UTF-8 at most. */
const maxBytesPerUnit = 3;

/** Cuts what is too long, the longest first, until all blobs together fit. */
function fit(blobs: string[]): string[] {
  // Almost every point fits by a wide margin, and needs no encoding to know it.
  let units = 0;
  for (const { length } of blobs) units += length;
  if (units * maxBytesPerUnit <= maxBlobsBytes) return blobs;
  const sizes = blobs.map(utf8Bytes);
  if (sum(sizes) <= maxBlobsBytes) return blobs;
  const isIdentity = (index: number) => index >= identityBlobs.from && index < identityBlobs.until;
  const identity = blobs.map((text, index) =>
    isIdentity(index) ? cutToBytes(text, maxIdentityBlobBytes) : "",
  );
  const room = maxBlobsBytes - sum(identity.map(utf8Bytes));
  const level = levelFor(
    sizes.filter((_, index) => !isIdentity(index)),
    room,
  );
  return blobs.map((text, index) =>
    isIdentity(index) ? (identity[index] ?? "") : cutToBytes(text, level),
  );
}

/** The highest cap under which these sizes together take no more than `room`. */
function levelFor(sizes: readonly number[], room: number): number {
  let left = room;
  let open = sizes.length;
  for (const size of sizes.toSorted((a, b) => a - b)) {
    const share = Math.floor(left / open);
    if (size > share) return share;
    left -= size;
    open -= 1;
  }
  return room;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import type { JournalEvent, ProcessKind } from "./event.ts";
import { maxStateNameBytes, maxTimeMs } from "./limits.ts";

/**
 * Checks that let through less than the schema does, and cost a tenth of it: runtimes that compile
 * no code at run time, as workerd, run zod slowly, and nearly all lines are transitions and samples
 * in their plainest form. The schema is the truth: what is not certain here is its to decide.
 */

/** An event's fields, its type among them: data as JSON gives it, which no reading changes. */
type Fields = Readonly<Record<string, unknown>>;

/** Whether a line's JSON certainly is an event, and is what the schema would give. */
export function isCertainlyEvent(value: object): value is JournalEvent {
  const fields = value as Fields;
  const { v, seq, at, mono, boot } = fields;
  return (
    v === 1 &&
    isCount(seq) &&
    seq >= 1 &&
    isBetween(at, 0, maxTimeMs) &&
    isBetween(mono, -maxTimeMs, maxTimeMs) &&
    typeof boot === "string" &&
    boot.length >= 1 &&
    boot.length <= maxStateNameBytes &&
    hasCertainFields(fields) &&
    // The schema leaves out a field of this name.
    !Object.hasOwn(fields, "__proto__")
  );
}

/** Whether an event certainly meets the schema, its head (`v`, `seq`, `at`, `mono`, `boot`) aside. */
export function hasCertainFields(fields: Fields): boolean {
  const { type } = fields;
  switch (type) {
    case "process.transitioned":
      return isTransition(fields);
    case "resources.sampled":
      return isSample(fields);
    case "tasks.completed":
      return isCount(fields["count"]) && isCount(fields["failed"]);
    case "machine.ready":
      return true;
    case "machine.stopped":
      return fields["reason"] === undefined || typeof fields["reason"] === "string";
    case "segment.opened":
    case "machine.booted":
    case "events.dropped":
    case "events.lost":
      return false;
    default:
      // All that is asked of an unknown type is a name.
      return typeof type === "string" && type !== "";
  }
}

function isTransition(fields: Fields): boolean {
  const { exitCode, kind, pid, signal, tags } = fields;
  return (
    isShortText(fields["process"]) &&
    isShortText(fields["from"]) &&
    isShortText(fields["to"]) &&
    isCount(fields["restarts"]) &&
    (kind === undefined || isKind(kind)) &&
    (pid === undefined || isCount(pid)) &&
    (exitCode === undefined || exitCode === null || Number.isSafeInteger(exitCode)) &&
    (signal === undefined || isShortText(signal)) &&
    (tags === undefined || (Array.isArray(tags) && tags.every(isText)))
  );
}

function isSample(fields: Fields): boolean {
  // Field by field: a loop over names takes twice the time of all the rest.
  return (
    isBetween(fields["cpuPercent"], 0, 100) &&
    isBetween(fields["diskUsedPercent"], 0, 100) &&
    isAmount(fields["memoryUsedMb"]) &&
    isAmount(fields["memoryTotalMb"]) &&
    isAmountOrAbsent(fields["load1"]) &&
    isAmountOrAbsent(fields["swapUsedMb"]) &&
    isAmountOrAbsent(fields["cgroupCpuPercent"]) &&
    isAmountOrAbsent(fields["cgroupMemoryMb"]) &&
    isAmountOrAbsent(fields["cgroupMemoryLimitMb"]) &&
    isAmountOrAbsent(fields["cgroupThrottledPercent"]) &&
    isAmountOrAbsent(fields["cgroupOomKills"]) &&
    isAmountOrAbsent(fields["memoryPressurePercent"]) &&
    isAmountOrAbsent(fields["cpuPressurePercent"]) &&
    isAmountOrAbsent(fields["ioPressurePercent"]) &&
    isAmountOrAbsent(fields["networkRxBytes"]) &&
    isAmountOrAbsent(fields["networkTxBytes"]) &&
    isAmountOrAbsent(fields["diskTotalMb"])
  );
}

/** Units that cannot take more than 256 bytes, since a UTF-16 unit takes at most 3. */
const shortUnits = 85;

function isShortText(value: unknown): boolean {
  return isText(value) && value.length > 0 && value.length <= shortUnits;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

const isKind = (value: unknown) =>
  value === ("process" satisfies ProcessKind) ||
  value === ("task" satisfies ProcessKind) ||
  value === ("cron" satisfies ProcessKind);

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isAmount(value: unknown): boolean {
  return isBetween(value, 0, Number.MAX_VALUE);
}

function isAmountOrAbsent(value: unknown): boolean {
  return value === undefined || isAmount(value);
}

/** False for NaN, too. */
function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

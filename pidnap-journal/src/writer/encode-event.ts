import { decodeValue } from "../decode-line.ts";
import type { BootId, ProcessKind } from "../event.ts";
import { optionalSampleFields } from "../event.ts";
import { maxProcessNameBytes, maxTimeMs } from "../limits.ts";
import { cutToBytes } from "../utf8.ts";
import type { TableChange } from "./process-table.ts";

/** The fields that every line begins with, in their order, and the type. */
export interface EventRecord {
  v: 1;
  seq: number;
  at: number;
  mono: number;
  boot: BootId;
  type: string;
  [field: string]: unknown;
}

/** What a caller's event becomes before it has a position. */
export interface EncodableEvent {
  /** The line's object; `seq`, `at` and `mono` are still to be filled in. */
  readonly record: EventRecord;
  /** What it does to the process table. */
  readonly change: TableChange | undefined;
}

/** The writer's own: a caller's would lie about the table, or about what a shipper delivered. */
const reservedTypes: ReadonlySet<unknown> = new Set(["segment.opened", "events.lost"]);

/**
 * Turns what a caller gave into a line's object, or undefined where no valid line can come of it.
 * What the caller says of `v`, `seq`, `at`, `mono` and `boot` counts for nothing.
 *
 * The schema decides what is valid. Running it on every event would cost more than writing the line
 * does, so the events that come often are first held against checks that let through less than the
 * schema; only what those do not let through meets the schema, as the JSON it would become.
 *
 * @throws whatever the event's own getters, proxies and `toJSON` throw
 */
export function encodeEvent(event: unknown, boot: BootId): EncodableEvent | undefined {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return undefined;
  if (typeof (event as { toJSON?: unknown }).toJSON === "function") return bySchema(event, boot);
  // Copying reads each field once: what is checked is what is written.
  const record = { v: 1, seq: 1, at: 0, mono: 0, boot, type: "", ...event } as EventRecord;
  const check = typeof record.type === "string" ? (checks.get(record.type) ?? isNamed) : refuse;
  if (!check(record)) return bySchema(record, boot);
  fillHead(record, boot);
  return { record, change: changeOf(record) };
}

/** The line of a record that has all its fields; its `\n` included. @throws what the fields' `toJSON` throw */
export function encodeRecord(record: EventRecord): string {
  const line = JSON.stringify(record);
  if (line.startsWith('{"v":1,"seq":')) return `${line}\n`;
  // Names such as "7" come before all others in a JavaScript object: the head is put first by hand.
  const { v, seq, at, mono, boot, type, ...rest } = record;
  const head = JSON.stringify({ v, seq, at, mono, boot, type }).slice(0, -1);
  const fields = JSON.stringify(rest).slice(1);
  return fields === "}" ? `${head}}\n` : `${head},${fields}\n`;
}

function fillHead(record: EventRecord, boot: BootId): void {
  record.v = 1;
  record.seq = 1;
  record.at = 0;
  record.mono = 0;
  record.boot = boot;
}

function bySchema(event: object, boot: BootId): EncodableEvent | undefined {
  const text: unknown = JSON.stringify(event);
  const plain: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
  if (typeof plain !== "object" || plain === null || Array.isArray(plain)) return undefined;
  const record = { v: 1, seq: 1, at: 0, mono: 0, boot, type: "", ...plain } as EventRecord;
  fillHead(record, boot);
  if (reservedTypes.has(record.type)) return undefined;
  if (record.type === "process.transitioned" && typeof record["process"] === "string") {
    record["process"] = cutToBytes(record["process"], maxProcessNameBytes);
  }
  if (decodeValue(record).kind !== "event") return undefined;
  return { record, change: changeOf(record) };
}

function changeOf(record: EventRecord): TableChange | undefined {
  if (record.type !== "process.transitioned") return undefined;
  return {
    process: record["process"] as string,
    from: record["from"] as string,
    to: record["to"] as string,
    restarts: record["restarts"] as number,
    kind: record["kind"] as ProcessKind | undefined,
  };
}

type Check = (record: EventRecord) => boolean;

const kinds: ReadonlySet<unknown> = new Set(["process", "task", "cron"] satisfies ProcessKind[]);

const refuse: Check = () => false;

/** By type: true only for what the schema accepts as well. */
const checks: ReadonlyMap<string, Check> = new Map([
  ["segment.opened", refuse],
  ["events.lost", refuse],
  ["events.dropped", refuse],
  ["machine.booted", refuse],
  ["process.transitioned", isTransition],
  ["resources.sampled", isSample],
  ["tasks.completed", (record) => isCount(record["count"]) && isCount(record["failed"])],
  ["machine.ready", () => true],
  ["machine.stopped", ({ reason }) => reason === undefined || typeof reason === "string"],
]);

function isTransition(record: EventRecord): boolean {
  return (
    isShortText(record["process"]) &&
    isShortText(record["from"]) &&
    isShortText(record["to"]) &&
    isCount(record["restarts"]) &&
    (record["pid"] === undefined || isCount(record["pid"])) &&
    isExitCode(record["exitCode"]) &&
    (record["signal"] === undefined || isShortText(record["signal"])) &&
    (record["kind"] === undefined || kinds.has(record["kind"])) &&
    takeTags(record)
  );
}

function isSample(record: EventRecord): boolean {
  return (
    isPercent(record["cpuPercent"]) &&
    isAmount(record["memoryUsedMb"]) &&
    isAmount(record["memoryTotalMb"]) &&
    isPercent(record["diskUsedPercent"]) &&
    optionalSampleFields.every((name) => record[name] === undefined || isAmount(record[name]))
  );
}

/** All that is asked of an unknown type. */
function isNamed(record: EventRecord): boolean {
  return record.type !== "";
}

/** A text that cannot take more than 256 bytes, since a UTF-16 unit takes at most 3. */
function isShortText(value: unknown): boolean {
  return typeof value === "string" && value.length > 0 && value.length <= 85;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isExitCode(value: unknown): boolean {
  return value === undefined || value === null || Number.isSafeInteger(value);
}

function isAmount(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

function isPercent(value: unknown): boolean {
  return isAmount(value) && (value as number) <= 100;
}

/** Replaces the tags by a copy of their own, which nothing can change between check and writing. */
function takeTags(record: EventRecord): boolean {
  const tags = record["tags"];
  if (tags === undefined) return true;
  if (!Array.isArray(tags)) return false;
  const copy: unknown[] = Array.from(tags);
  record["tags"] = copy;
  return copy.every((tag) => typeof tag === "string");
}

/** A moment that the schema accepts, whatever a clock says. */
export function validTime(ms: number): number {
  if (Number.isNaN(ms)) return 0;
  return Math.min(Math.max(0, ms), maxTimeMs);
}

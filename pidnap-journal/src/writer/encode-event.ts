import { decodeValue } from "../decode-line.ts";
import type { ProcessKind } from "../event.ts";
import { optionalSampleFields } from "../event.ts";
import { maxProcessNameBytes, maxTimeMs } from "../limits.ts";
import { cutToBytes } from "../utf8.ts";
import type { TableChange } from "./process-table.ts";

/** What a caller's event becomes before it has a position. */
export interface EncodedEvent {
  /** JSON of the event alone, `type` first. */
  readonly text: string;
  /** What it does to the process table. */
  readonly change: TableChange | undefined;
}

/** The fields of an event, its type among them. */
type Fields = Readonly<Record<string, unknown>>;

/** The writer's own: a caller's would lie about the table, or about what a shipper delivered. */
const reservedTypes: ReadonlySet<unknown> = new Set(["segment.opened", "events.lost"]);

/**
 * Turns what a caller gave into JSON, or undefined where no valid line can come of it. What the
 * caller says of `v`, `seq`, `at`, `mono` and `boot` counts for nothing.
 *
 * The schema decides what is valid. Running it on every event would cost more than writing the line
 * does, so the events that come often are first held against checks that let through less than the
 * schema; only what those do not let through meets the schema, as the JSON it would become.
 *
 * @throws whatever the event's own getters, proxies and `toJSON` throw
 */
export function encodeEvent(event: unknown): EncodedEvent | undefined {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return undefined;
  if (typeof (event as Fields)["toJSON"] === "function") return bySchema(event);
  // Copying reads each field once: what is checked is what is written.
  const fields: Record<string, unknown> = { ...event };
  const type = fields["type"];
  const check = typeof type === "string" ? (checks.get(type) ?? isNamed) : refuse;
  return check(fields) ? encoded(fields) : bySchema(withoutHead(fields));
}

function bySchema(event: object): EncodedEvent | undefined {
  const text: unknown = JSON.stringify(event);
  const plain: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
  if (typeof plain !== "object" || plain === null || Array.isArray(plain)) return undefined;
  const fields: Record<string, unknown> = { ...plain };
  if (reservedTypes.has(fields["type"])) return undefined;
  if (fields["type"] === "process.transitioned" && typeof fields["process"] === "string") {
    fields["process"] = cutToBytes(fields["process"], maxProcessNameBytes);
  }
  const isValid = decodeValue({ ...fields, ...anyHead }).kind === "event";
  return isValid ? encoded(fields) : undefined;
}

/** Stands for the head that the line will have: events are valid with any. */
const anyHead = { v: 1, seq: 1, at: 0, mono: 0, boot: "any" };

function encoded(fields: Fields): EncodedEvent {
  return { text: textOf(fields), change: changeOf(fields) };
}

function textOf(fields: Fields): string {
  const hasHead =
    fields["v"] !== undefined ||
    fields["seq"] !== undefined ||
    fields["at"] !== undefined ||
    fields["mono"] !== undefined ||
    fields["boot"] !== undefined;
  const text = hasHead ? "" : JSON.stringify(fields);
  // Nearly always: callers name the type first, and leave the head alone.
  if (text.startsWith('{"type":')) return text;
  const { type, ...rest } = withoutHead(fields);
  const restText = JSON.stringify(rest);
  const typeText = `{"type":${JSON.stringify(type)}`;
  return restText === "{}" ? `${typeText}}` : `${typeText},${restText.slice(1)}`;
}

function withoutHead(fields: Fields): Fields {
  const { v: _v, seq: _seq, at: _at, mono: _mono, boot: _boot, ...rest } = fields;
  return rest;
}

function changeOf(fields: Fields): TableChange | undefined {
  if (fields["type"] !== "process.transitioned") return undefined;
  return {
    process: fields["process"] as string,
    from: fields["from"] as string,
    to: fields["to"] as string,
    restarts: fields["restarts"] as number,
    kind: fields["kind"] as ProcessKind | undefined,
  };
}

type Check = (fields: Record<string, unknown>) => boolean;

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
  ["tasks.completed", (fields) => isCount(fields["count"]) && isCount(fields["failed"])],
  ["machine.ready", () => true],
  ["machine.stopped", ({ reason }) => reason === undefined || typeof reason === "string"],
]);

function isTransition(fields: Record<string, unknown>): boolean {
  return (
    isShortText(fields["process"]) &&
    isShortText(fields["from"]) &&
    isShortText(fields["to"]) &&
    isCount(fields["restarts"]) &&
    (fields["pid"] === undefined || isCount(fields["pid"])) &&
    isExitCode(fields["exitCode"]) &&
    (fields["signal"] === undefined || isShortText(fields["signal"])) &&
    (fields["kind"] === undefined || kinds.has(fields["kind"])) &&
    takeTags(fields)
  );
}

function isSample(fields: Fields): boolean {
  return (
    isPercent(fields["cpuPercent"]) &&
    isAmount(fields["memoryUsedMb"]) &&
    isAmount(fields["memoryTotalMb"]) &&
    isPercent(fields["diskUsedPercent"]) &&
    optionalSampleFields.every((name) => fields[name] === undefined || isAmount(fields[name]))
  );
}

/** All that is asked of an unknown type. */
function isNamed(fields: Fields): boolean {
  return fields["type"] !== "";
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
function takeTags(fields: Record<string, unknown>): boolean {
  const tags = fields["tags"];
  if (tags === undefined) return true;
  if (!Array.isArray(tags)) return false;
  const copy: unknown[] = Array.from(tags);
  fields["tags"] = copy;
  return copy.every((tag) => typeof tag === "string");
}

/** A moment that the schema accepts, whatever a clock says. */
export function validTime(ms: number): number {
  if (Number.isNaN(ms)) return 0;
  return Math.min(Math.max(0, ms), maxTimeMs);
}

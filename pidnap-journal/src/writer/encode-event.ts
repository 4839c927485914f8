import { decodeValue } from "../decode-line.ts";
import type { ProcessKind } from "../event.ts";
import { maxProcessNameBytes, maxTimeMs } from "../limits.ts";
import { hasCertainFields } from "../quick-check.ts";
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
 * does, so only what the quick check is not certain of meets it, as the JSON it would become.
 *
 * @throws whatever the event's own getters, proxies and `toJSON` throw
 */
export function encodeEvent(event: unknown): EncodedEvent | undefined {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return undefined;
  if (typeof (event as Fields)["toJSON"] === "function") return bySchema(event);
  // Copying reads each field once: what is checked is what is written.
  const fields: Record<string, unknown> = { ...event };
  copyTags(fields);
  return hasCertainFields(fields) ? encoded(fields) : bySchema(withoutHead(fields));
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

/** Replaces the tags by a copy of their own, which nothing can change between check and writing. */
function copyTags(fields: Record<string, unknown>): void {
  const tags = fields["tags"];
  if (fields["type"] !== "process.transitioned" || !Array.isArray(tags)) return;
  const copy: unknown[] = Array.from(tags);
  fields["tags"] = copy;
}

/** A moment that the schema accepts, whatever a clock says. */
export function validTime(ms: number): number {
  if (Number.isNaN(ms)) return 0;
  return Math.min(Math.max(0, ms), maxTimeMs);
}

// As a namespace, so that a bundle can leave out the parts of zod that are not used: 96 KB for 457.
import * as z from "zod";
import { maxProcessNameBytes, maxStateNameBytes, maxTimeMs } from "./limits.ts";
import { utf8Bytes } from "./utf8.ts";

/**
 * The events of a journal, format version 1: the one source of every event type. Objects are loose,
 * since a newer writer may add fields that an older reader keeps and ignores.
 */

const seqSchema = z.int().min(1).brand<"Seq">();
export const bootIdSchema = z.string().min(1).max(maxStateNameBytes).brand<"BootId">();
// Any version and variant: a forked journal has a UUID of version 5, and others may come.
const journalIdSchema = z.guid().brand<"JournalId">();

/** Position of an event in its journal: 1, 2, 3 … */
export type Seq = z.infer<typeof seqSchema>;
/** Id of one run of pidnap. */
export type BootId = z.infer<typeof bootIdSchema>;
/** Id of one journal, made when its directory was empty. */
export type JournalId = z.infer<typeof journalIdSchema>;

const wallMs = z.number().min(0).max(maxTimeMs);
const monoMs = z.number().min(-maxTimeMs).max(maxTimeMs);
const amount = z.number().min(0);
const percent = z.number().min(0).max(100);
const count = z.int().min(0);
const boundedText = (maxBytes: number) =>
  z
    .string()
    .min(1)
    .refine((text) => utf8Bytes(text) <= maxBytes, { error: `takes more than ${maxBytes} bytes` });
const processName = boundedText(maxProcessNameBytes);
const stateName = boundedText(maxStateNameBytes);
const processKind = z.enum(["process", "task", "cron"]);

/** What kind of work a process is to pidnap: one that stays, one that ends, one on a schedule. */
export type ProcessKind = z.infer<typeof processKind>;

const tableEntrySchema = z.looseObject({
  state: stateName,
  at: wallMs,
  mono: monoMs,
  restarts: count,
  kind: processKind.optional(),
});

/** One process in the table that begins a segment. */
export type TableEntry = z.infer<typeof tableEntrySchema>;

/**
 * name -> entry. Not `z.record`, which leaves a process named `__proto__` out, unchecked: the
 * object stays as `JSON.parse` made it, every own key being a process.
 */
const processTableSchema = z
  .custom<Readonly<Record<string, TableEntry>>>()
  .superRefine((table, context) => {
    if (typeof table !== "object" || table === null || Array.isArray(table)) {
      context.addIssue({ code: "custom", message: "expected an object of processes by name" });
      return;
    }
    for (const [name, entry] of Object.entries(table)) {
      for (const [schema, value] of [
        [processName, name],
        [tableEntrySchema, entry],
      ] as const) {
        const fault = schema.safeParse(value).error?.issues[0];
        if (fault !== undefined) {
          context.addIssue({ code: "custom", message: fault.message, path: [name, ...fault.path] });
        }
      }
    }
  });

const head = { v: z.literal(1), seq: seqSchema, at: wallMs, mono: monoMs, boot: bootIdSchema };

const lossReasons = z.enum(["expired", "corrupt", "rejected", "foreign"]);

/** Why a shipper could not deliver a range of positions. */
export type LossReason = z.infer<typeof lossReasons>;

/** Names of the optional fields of a sample, in the order in which they become doubles 7 to 19 of a point. */
export const optionalSampleFields = [
  "load1",
  "swapUsedMb",
  "cgroupCpuPercent",
  "cgroupMemoryMb",
  "cgroupMemoryLimitMb",
  "cgroupThrottledPercent",
  "cgroupOomKills",
  "memoryPressurePercent",
  "cpuPressurePercent",
  "ioPressurePercent",
  "networkRxBytes",
  "networkTxBytes",
  "diskTotalMb",
] as const;

/**
 * The fields of each type beside the head. Made when they are first needed: a command that shows twenty
 * lines would else spend a third of its start on types it never meets.
 */
const bodies = {
  "segment.opened": () => ({ journal: journalIdSchema, processes: processTableSchema }),
  "machine.booted": () => ({
    entrypointAt: wallMs,
    pidnapVersion: z.string().optional(),
    hostname: z.string().optional(),
    kernel: z.string().optional(),
    cpus: amount.optional(),
    memoryTotalMb: amount.optional(),
  }),
  "process.transitioned": () => ({
    process: processName,
    from: stateName,
    to: stateName,
    restarts: count,
    pid: count.optional(),
    exitCode: z.int().nullable().optional(),
    signal: boundedText(maxStateNameBytes).optional(),
    kind: processKind.optional(),
    tags: z.array(z.string()).optional(),
  }),
  "resources.sampled": () =>
    ({
      cpuPercent: percent,
      memoryUsedMb: amount,
      memoryTotalMb: amount,
      diskUsedPercent: percent,
      load1: amount.optional(),
      swapUsedMb: amount.optional(),
      cgroupCpuPercent: amount.optional(),
      cgroupMemoryMb: amount.optional(),
      cgroupMemoryLimitMb: amount.optional(),
      cgroupThrottledPercent: amount.optional(),
      cgroupOomKills: amount.optional(),
      memoryPressurePercent: amount.optional(),
      cpuPressurePercent: amount.optional(),
      ioPressurePercent: amount.optional(),
      networkRxBytes: amount.optional(),
      networkTxBytes: amount.optional(),
      diskTotalMb: amount.optional(),
    }) satisfies Record<(typeof optionalSampleFields)[number], z.ZodType> &
      Record<string, z.ZodType>,
  "tasks.completed": () => ({ count, failed: count }),
  "machine.ready": () => ({}),
  "machine.stopped": () => ({ reason: z.string().optional() }),
  "events.dropped": () => ({
    count: z.int().min(1),
    reason: z.string(),
    firstAt: wallMs,
    lastAt: wallMs,
  }),
  "events.lost": () => ({ through: seqSchema, reason: lossReasons }),
};

type Bodies = { readonly [Type in keyof typeof bodies]: ReturnType<(typeof bodies)[Type]> };

const eventOf = <Type extends keyof Bodies>(type: Type) =>
  z.looseObject({ ...head, type: z.literal(type), ...(bodies[type]() as Bodies[Type]) });

/** Makes a value at the first call, and gives it again at every other one. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const schemasByType = {
  "segment.opened": once(() => eventOf("segment.opened")),
  "machine.booted": once(() => eventOf("machine.booted")),
  "process.transitioned": once(() => eventOf("process.transitioned")),
  "resources.sampled": once(() => eventOf("resources.sampled")),
  "tasks.completed": once(() => eventOf("tasks.completed")),
  "machine.ready": once(() => eventOf("machine.ready")),
  "machine.stopped": once(() => eventOf("machine.stopped")),
  "events.dropped": once(() => eventOf("events.dropped")),
  "events.lost": once(() =>
    eventOf("events.lost").refine((event) => event.through >= event.seq, {
      error: "is below seq",
      path: ["through"],
    }),
  ),
};

/** A type this code knows. */
export type EventType = keyof typeof schemasByType;

const isEventType = (type: string): type is EventType => Object.hasOwn(schemasByType, type);

const knownEventSchema = () =>
  z.discriminatedUnion("type", [
    schemasByType["segment.opened"](),
    schemasByType["machine.booted"](),
    schemasByType["process.transitioned"](),
    schemasByType["resources.sampled"](),
    schemasByType["tasks.completed"](),
    schemasByType["machine.ready"](),
    schemasByType["machine.stopped"](),
    schemasByType["events.dropped"](),
    schemasByType["events.lost"](),
  ]);

const unknownEventSchema = once(() =>
  z.looseObject({
    ...head,
    type: z
      .string()
      .min(1)
      .refine((type) => !isEventType(type), { error: "is a known type" })
      .brand<"UnknownType">(),
  }),
);

const anyEventSchema = () => z.union([knownEventSchema(), unknownEventSchema()]);

/** One line of a journal. An unknown `type` is valid: it takes its position and means nothing to this version. */
// Marked as pure: a bundle that decodes lines by their type leaves it out.
export const eventSchema = /* @__PURE__ */ anyEventSchema();

export type KnownEvent = z.infer<ReturnType<typeof knownEventSchema>>;
export type UnknownEvent = z.infer<ReturnType<typeof unknownEventSchema>>;
export type JournalEvent = KnownEvent | UnknownEvent;
export type EventOf<Type extends EventType> = Extract<KnownEvent, { type: Type }>;

/** What every event begins with. */
export type EventHead = Pick<JournalEvent, "v" | "seq" | "at" | "mono" | "boot">;

/** Tells the events that this version gives a meaning to from those it only keeps. */
export function isKnownEvent(event: JournalEvent): event is KnownEvent {
  return isEventType(event.type);
}

/** The schema that an event of this type must meet: one schema's faults say more than a union's. */
export function schemaForType(type: unknown): z.ZodType<JournalEvent> {
  return typeof type === "string" && isEventType(type)
    ? schemasByType[type]()
    : unknownEventSchema();
}

type FieldsOf<Event> = { [Key in keyof Event as string extends Key ? never : Key]: Event[Key] };
type Appendable<Type extends EventType> = Omit<FieldsOf<EventOf<Type>>, keyof EventHead>;

/** What `append` takes: an event without the fields that the writer fills in. */
export type NewEvent =
  | { [Type in Exclude<EventType, "segment.opened" | "events.lost">]: Appendable<Type> }[Exclude<
      EventType,
      "segment.opened" | "events.lost"
    >]
  | { readonly type: string; readonly [field: string]: unknown };

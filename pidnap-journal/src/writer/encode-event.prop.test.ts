import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeLine, decodeValue } from "../decode-line.ts";
import { optionalSampleFields } from "../event.ts";
import { maxProcessNameBytes } from "../limits.ts";
import { cutToBytes } from "../utf8.ts";
import { encodeEvent } from "./encode-event.ts";

/** Values that stand for what callers get wrong, beside right ones. */
const value = fc.oneof(
  fc.nat(200),
  fc.constantFrom<unknown>(
    "running",
    "",
    "x".repeat(85),
    "é".repeat(128),
    "é".repeat(129),
    "\ud800",
  ),
  fc.constantFrom<unknown>(null, undefined, true, -0, -1, 1.5, 1e300, Number.NaN, Infinity),
  fc.constantFrom<unknown>([], ["a", "b"], ["a", 1], {}, new Date(0), new Date(Number.NaN)),
  fc.constantFrom<unknown>("process", "task", "cron", "SIGKILL"),
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, maxDepth: 2 }),
);

const fieldsByType: Readonly<Record<string, readonly string[]>> = {
  "segment.opened": ["journal", "processes"],
  "events.lost": ["through", "reason"],
  "events.dropped": ["count", "reason", "firstAt", "lastAt"],
  "machine.booted": [
    "entrypointAt",
    "pidnapVersion",
    "hostname",
    "kernel",
    "cpus",
    "memoryTotalMb",
  ],
  "process.transitioned": [
    "process",
    "from",
    "to",
    "restarts",
    "pid",
    "exitCode",
    "signal",
    "kind",
    "tags",
  ],
  "resources.sampled": [
    "cpuPercent",
    "memoryUsedMb",
    "memoryTotalMb",
    "diskUsedPercent",
    ...optionalSampleFields,
  ],
  "tasks.completed": ["count", "failed"],
  "machine.ready": [],
  "machine.stopped": ["reason"],
  "something.new": ["7", "toJSON2"],
  __proto__: [],
  constructor: [],
  "": [],
};

const right: Readonly<Record<string, unknown>> = {
  process: "web",
  from: "idle",
  to: "running",
  restarts: 1,
  cpuPercent: 1,
  memoryUsedMb: 1,
  memoryTotalMb: 1,
  diskUsedPercent: 1,
  count: 1,
  failed: 0,
  reason: "disk-full",
  entrypointAt: 1,
  firstAt: 1,
  lastAt: 1,
  through: 9,
  journal: "4eeb890c-9908-4c0e-96d6-0832cea05544",
  processes: {},
};

/** Events that are right but for some fields. */
const nearlyRight = fc.constantFrom(...Object.keys(fieldsByType)).chain((type) => {
  const names = [...(fieldsByType[type] ?? []), "extra", "v", "seq", "at", "mono", "boot"];
  const required = Object.fromEntries(
    (fieldsByType[type] ?? []).flatMap((name) => (name in right ? [[name, right[name]]] : [])),
  );
  return fc
    .tuple(
      fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 3, noNullPrototype: true }),
      fc.boolean(),
    )
    .map(([changed, typeFirst]): object =>
      typeFirst ? { type, ...required, ...changed } : { ...required, ...changed, type },
    );
});

/** What the schema says of the JSON that an event becomes, which is what `encodeEvent` has to say. */
function bySchemaAlone(event: unknown): Record<string, unknown> | undefined {
  try {
    const plain = JSON.parse(JSON.stringify(withoutHead(event))) as Record<string, unknown>;
    if (typeof plain !== "object" || plain === null || Array.isArray(plain)) return undefined;
    const { type, process } = plain;
    if (type === "segment.opened" || type === "events.lost") return undefined;
    const name =
      typeof process === "string" && type === "process.transitioned"
        ? { process: cutToBytes(process, maxProcessNameBytes) }
        : {};
    const head = { v: 1, seq: 12, at: 1, mono: 1, boot: "boot" };
    const whole = { ...plain, ...name, ...head };
    return decodeValue(whole).kind === "event" ? whole : undefined;
  } catch {
    return undefined;
  }
}

/** Whatever stands there counts for nothing, not even where it cannot become JSON. */
function withoutHead(event: unknown): unknown {
  if (typeof event !== "object" || event === null || Array.isArray(event)) return event;
  const {
    v: _v,
    seq: _seq,
    at: _at,
    mono: _mono,
    boot: _boot,
    ...rest
  } = event as Record<string, unknown>;
  return rest;
}

function encoded(event: unknown): Record<string, unknown> | undefined {
  let text: string | undefined;
  try {
    text = encodeEvent(event)?.text;
  } catch {
    return undefined;
  }
  if (text === undefined) return undefined;
  expect(text.startsWith('{"type":')).toBe(true);
  const line = `{"v":1,"seq":12,"at":1,"mono":1,"boot":"boot",${text.slice(1)}`;
  expect(decodeLine(Buffer.from(line)).kind).toBe("event");
  return JSON.parse(line) as Record<string, unknown>;
}

test("an event is taken where its JSON meets the schema, and nowhere else", () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: nearlyRight }, fc.anything()), (event) => {
      expect(encoded(event)).toEqual(bySchemaAlone(event));
    }),
    { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 1500) },
  );
});

test("what a getter says is read once, so that what was checked is what is written", () => {
  let reads = 0;
  const event = {
    type: "tasks.completed",
    failed: 0,
    get count() {
      reads += 1;
      return reads === 1 ? 5 : -1;
    },
  };
  expect(encoded(event)).toMatchObject({ count: 5 });
});

test("tags that change after they were looked at are written as they were", () => {
  const tags = ["a"];
  const hostile = new Proxy(tags, {
    get: (target, key) => (key === "toJSON" ? () => 7 : (Reflect.get(target, key) as unknown)),
  });
  const event = { ...right, type: "process.transitioned", tags: hostile };
  expect(encoded(event)).toMatchObject({ tags: ["a"] });
});

test.each([
  ["a bigint", { type: "note", value: 1n }],
  ["a field that contains itself", circular()],
  [
    "a getter that throws",
    {
      type: "note",
      get value() {
        throw new Error("no");
      },
    },
  ],
  [
    "a toJSON that throws",
    {
      type: "note",
      toJSON: () => {
        throw new Error("no");
      },
    },
  ],
  ["a toJSON that gives no object", { type: "note", toJSON: () => 5 }],
  ["a toJSON that gives nothing", { type: "note", toJSON: () => undefined }],
  ["nothing", undefined],
  ["a text", "machine.ready"],
  ["no type", {}],
  ["a type that is no text", { type: { toString: () => "machine.ready" } }],
  ["a segment's opening, which is the writer's own", { ...right, type: "segment.opened" }],
  ["a loss, which is the shipper's own", { ...right, type: "events.lost" }],
])("there is no line for %s", (_what, event) => {
  expect(encoded(event)).toBeUndefined();
});

test("a process name that is too long is cut visibly", () => {
  const event = { ...right, type: "process.transitioned", process: "é".repeat(200) };
  expect(encoded(event)).toMatchObject({ process: `${"é".repeat(126)}…` });
  expect(encodeEvent(event)?.change?.process).toBe(`${"é".repeat(126)}…`);
});

function circular(): object {
  const event: Record<string, unknown> = { type: "note" };
  event["self"] = event;
  return event;
}

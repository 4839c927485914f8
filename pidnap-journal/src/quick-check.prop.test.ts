import { generateLines } from "pidnap-fixtures/generate/journal-lines";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { optionalSampleFields, schemaForType } from "./event.ts";
import { isCertainlyEvent } from "./quick-check.ts";

/** What a field may hold: what belongs there, what nearly does, and anything else that JSON can say. */
const value = fc.oneof(
  fc.constantFrom<unknown>(0, -0, 1, 100, 100.5, -1, 256, 1.5, 8.64e15, 8.65e15, -8.65e15),
  fc.constantFrom<unknown>(2 ** 53 - 1, 2 ** 53, 1e308, 1e-308, null, true, "", "running"),
  fc.constantFrom<unknown>(
    "x".repeat(85),
    "é".repeat(85),
    "€".repeat(85),
    "€".repeat(86),
    "\ud800",
  ),
  fc.constantFrom<unknown>(
    "b".repeat(256),
    "b".repeat(257),
    "process",
    "cron",
    [],
    ["a"],
    ["a", 1],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const transition = { process: "web", from: "idle", to: "running", restarts: 1 };
const sample = { cpuPercent: 1, memoryUsedMb: 1, memoryTotalMb: 1, diskUsedPercent: 1 };
const fieldsOf: Readonly<Record<string, object>> = {
  "process.transitioned": transition,
  "resources.sampled": sample,
  "tasks.completed": { count: 1, failed: 0 },
  "machine.ready": {},
  "machine.stopped": {},
  "machine.booted": { entrypointAt: 1 },
  "segment.opened": { journal: "4eeb890c-9908-4c0e-96d6-0832cea05544", processes: {} },
  "events.dropped": { count: 1, reason: "disk-full", firstAt: 1, lastAt: 1 },
  "events.lost": { through: 9, reason: "expired" },
  "something.new": {},
  constructor: {},
  "": {},
};

const names = [
  "v seq at mono boot type reason extra __proto__ constructor".split(" "),
  "pid exitCode signal kind tags count failed through".split(" "),
  Object.keys({ ...transition, ...sample }),
  optionalSampleFields,
].flat();

/** A line's JSON that is right but for some fields, each as `JSON.parse` makes it. */
const nearlyRight = fc
  .record({
    type: fc.constantFrom(...Object.keys(fieldsOf)),
    changed: fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 3 }),
    without: fc.option(fc.constantFrom(...names)),
  })
  .map(({ type, changed, without }): object => {
    const head = { v: 1, seq: 7, at: 1.7e12, mono: 12.5, boot: "b1", type };
    const fields = Object.entries({ ...head, ...fieldsOf[type] });
    const text = [...fields, ...changed]
      .filter(([name]) => name !== without)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(",");
    return JSON.parse(`{${text}}`) as object;
  });

test("what is certainly an event is one by the schema, and the same", () => {
  let certain = 0;
  fc.assert(
    fc.property(nearlyRight, (json) => {
      if (!isCertainlyEvent(json)) return;
      certain += 1;
      const bySchema = schemaForType(json.type).safeParse(json);
      expect(bySchema.error).toBeUndefined();
      expect(bySchema.data).toEqual(json);
      expect(Object.keys(bySchema.data ?? {}).toSorted()).toEqual(Object.keys(json).toSorted());
    }),
    { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 3000) },
  );
  expect(certain).toBeGreaterThan(300);
});

test("nearly every line of a believable journal is certain", () => {
  const lines = [...generateLines({ seed: 3, lines: 2000 })].map(
    (line) => JSON.parse(line) as object,
  );
  const certain = lines.filter(isCertainlyEvent);
  expect(certain.length / lines.length).toBeGreaterThan(0.99);
});

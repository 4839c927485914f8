import fc from "fast-check";
import { fold, initialState } from "pidnap-journal/pure";
import type { JournalEvent, Measurement } from "pidnap-journal/pure";
import { journalArbitrary } from "pidnap-fixtures/arbitraries/journal";
import { describe, expect, it } from "vitest";
import { maxBlobsBytes, maxIndexBytes } from "../limits.ts";
import { blobsUsed, columnsByType, commonColumns, doublesUsed, isBlob } from "./columns.ts";
import type { Column, Measured } from "./columns.ts";
import { toPoint } from "./to-point.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;
const identity = { machine: "m", org: "o", project: "p", machineType: "t" };
const about = { identity, journal: "j", receivedAt: 1_000_000 };

const loss: Measurement = {
  kind: "journal",
  seq: 7,
  number: 3,
  boot: "b" as Measurement["boot"],
  at: 999_000,
  reason: "expired",
  lostEvents: 2,
  firstLostSeq: 7,
  lastLostSeq: 8,
};

/** A point by the names of its columns. */
function named(measured: Measured): Record<string, string | number | undefined> {
  const { blobs, doubles } = toPoint(measured);
  const columns = [...commonColumns, ...columnsByType[measured.measurement.kind]];
  return Object.fromEntries(
    columns.map(({ column, name }) => {
      const [, kind, number] = /^(blob|double)(\d+)$/.exec(column)!;
      return [name, (kind === "blob" ? blobs : doubles)[Number(number) - 1]];
    }),
  );
}

describe("a point", () => {
  it("has each figure in the column that the table names", () => {
    expect(named({ ...about, measurement: loss })).toEqual({
      orgId: "o",
      projectId: "p",
      machineType: "t",
      metricType: "journal",
      boot: "b",
      event: "j:7",
      reason: "expired",
      eventTimeMs: 999_000,
      ingestLagMs: 1000,
      pointNumber: 3,
      lostEvents: 2,
      firstLostSeq: 7,
      lastLostSeq: 8,
    });
  });

  it("is in every column what the table says, and nothing in the others", () => {
    fc.assert(
      fc.property(journalArbitrary({ crowds: false }), (events) => {
        for (const measurement of measurementsOf(events)) {
          const measured = { ...about, measurement };
          const { blobs, doubles } = toPoint(measured);
          expect({ blobs, doubles }).toEqual(byTable(measured));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("has no two figures in one column, for any type", () => {
    for (const own of Object.values(columnsByType)) {
      const names = [...commonColumns, ...own].map(({ column }) => column);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it("shows where a text was cut, the longest first, and leaves what fits", () => {
    const long = { ...identity, org: "ü".repeat(9000), project: "p".repeat(300) };
    const { blobs } = toPoint({ ...about, identity: long, measurement: loss });
    expect(blobs[0]).toMatch(/^ü+…$/);
    expect(blobs.slice(1, 8)).toEqual(["p".repeat(300), "t", "journal", "", "expired", "b", "j:7"]);
    expect(bytes(blobs.join(""))).toBeGreaterThan(maxBlobsBytes - 10);
    expect(bytes(blobs.join(""))).toBeLessThanOrEqual(maxBlobsBytes);
  });

  it("is told from others by the same text, whoever's token it came with", () => {
    const measurement = { ...loss, reason: "r".repeat(15_990) };
    const cut = (org: string) =>
      toPoint({ ...about, identity: { ...identity, org }, measurement }).blobs.slice(3, 8);
    expect(cut("o".repeat(5000))).toEqual(cut("o".repeat(9000)));
  });

  it("keeps every limit, whatever the journal and the token say", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.integer({ min: 1, max: 20_000 }).map((length) => "€".repeat(length)),
    );
    const who = fc.record({ machine: text, org: text, project: text, machineType: text });
    fc.assert(
      fc.property(journalArbitrary({ crowds: false }), who, text, (events, identity, reason) => {
        for (const measurement of measurementsOf(events)) {
          const huge = measurement.kind === "journal" ? { ...measurement, reason } : measurement;
          const point = toPoint({ identity, journal: "j", receivedAt: 5, measurement: huge });
          expect(bytes(point.indexes[0])).toBeLessThanOrEqual(maxIndexBytes);
          expect(point.blobs.length).toBeLessThanOrEqual(20);
          expect(point.doubles).toHaveLength(20);
          const size = point.blobs.reduce((sum, blob) => sum + bytes(blob), 0);
          expect(size).toBeLessThanOrEqual(maxBlobsBytes);
          expect(point.doubles.every(Number.isFinite)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** A point's columns as the table has them. */
function byTable(measured: Measured): { blobs: string[]; doubles: number[] } {
  const blobs = Array<string>(blobsUsed).fill("");
  const doubles = Array<number>(doublesUsed).fill(0);
  // The table pairs each type with columns that read that type; TypeScript cannot follow the pairing.
  const own = columnsByType[measured.measurement.kind] as readonly Column[];
  for (const column of [...commonColumns, ...own]) {
    const place = Number(column.column.replace(/^[a-z]+/, "")) - 1;
    if (isBlob(column)) blobs[place] = column.value(measured);
    else doubles[place] = column.value(measured);
  }
  return { blobs, doubles };
}

function measurementsOf(events: readonly object[]): Measurement[] {
  let state = initialState();
  return events.flatMap((event) => {
    const folded = fold(state, event as JournalEvent);
    state = folded.state;
    return [...folded.measurements];
  });
}

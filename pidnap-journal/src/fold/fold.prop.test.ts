import fc from "fast-check";
import { journalArbitrary } from "pidnap-fixtures/arbitraries/journal";
import { referencePoints, referenceProcesses } from "pidnap-fixtures/reference/reference-points";
import { describe, expect, it } from "vitest";
import { decodeValue } from "../decode-line.ts";
import type { JournalEvent } from "../event.ts";
import { maxProcesses } from "../limits.ts";
import type { Measurement } from "../measurement.ts";
import { foldAll } from "./_given.ts";
import { fold } from "./fold.ts";
import { initialState } from "./state.ts";
import type { FoldState } from "./state.ts";
import { processTimings } from "./timings.ts";

const journals = journalArbitrary().map((lines) => lines.map((line) => eventOf(line)));

function eventOf(line: unknown): JournalEvent {
  const decoded = decodeValue(line);
  if (decoded.kind !== "event") throw new Error(JSON.stringify(decoded));
  return decoded.event;
}

describe("the fold of any journal", () => {
  it("measures what a second implementation, written apart from it, says", () => {
    const identity = { machine: "m", org: "o", project: "p", machineType: "t", journal: "j" };
    fc.assert(
      fc.property(journals, (events) => {
        const expected = referencePoints(events, identity).map((point) => [
          point.blob8,
          point.blob4,
          point.blob5,
          point.blob6,
          point.blob7,
          point.blob9,
          point.blob10,
          point.blob11,
          point.double1,
          point.double2,
          point.double3,
          point.double4,
          point.double5,
          point.double20,
        ]);
        expect(foldAll(events).measurements.map(summaryOf)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  it("shows the processes that the second implementation shows", () => {
    fc.assert(
      fc.property(journals, (events) => {
        expect(processTimings(foldAll(events).state)).toEqual(referenceProcesses(events));
      }),
      { numRuns: 300 },
    );
  });

  it("gives the same in whatever batches it arrives, through a store between them", () => {
    fc.assert(
      fc.property(journals, fc.array(fc.nat(30)), (events, cuts) => {
        let rest = events;
        let state: FoldState = initialState();
        const measurements: Measurement[] = [];
        for (const cut of [...cuts, rest.length]) {
          const batch = foldAll(rest.slice(0, cut), state);
          rest = rest.slice(cut);
          state = JSON.parse(JSON.stringify(batch.state)) as FoldState;
          measurements.push(...batch.measurements);
        }
        const whole = foldAll(events);
        expect({ state, measurements }).toEqual({
          state: JSON.parse(JSON.stringify(whole.state)) as FoldState,
          measurements: whole.measurements,
        });
      }),
    );
  });

  it("is pure, numbers from 1 without a gap, and never gives a negative or an impossible number", () => {
    fc.assert(
      fc.property(journals, (events) => {
        let state: FoldState = initialState();
        let number = 0;
        for (const event of events) {
          deepFreeze(state);
          deepFreeze(event);
          const step = fold(state, event);
          for (const measurement of step.measurements) {
            number += 1;
            expect(measurement).toMatchObject({ number, seq: event.seq });
            expect(Math.min(...durationsOf(measurement))).toBeGreaterThanOrEqual(0);
          }
          state = step.state;
          expect(state.processes.length).toBeLessThanOrEqual(maxProcesses);
        }
      }),
    );
  });
});

function summaryOf(m: Measurement): unknown[] {
  const journal = `j:${m.seq}`;
  const tail = [m.at, m.number];
  switch (m.kind) {
    case "process":
      return [
        journal,
        m.kind,
        m.process,
        m.state,
        m.boot,
        m.previousState,
        m.signal,
        m.processKind,
        m.durationMs,
        m.restarts,
        m.exitCode,
        m.previousStateMs,
        ...tail,
      ];
    case "resource":
      return [
        journal,
        m.kind,
        "",
        "",
        m.boot,
        "",
        "",
        "",
        m.cpuPercent,
        m.memoryUsedMb,
        m.memoryTotalMb,
        m.diskUsedPercent,
        ...tail,
      ];
    case "startup":
      return [
        journal,
        m.kind,
        "",
        m.state,
        m.boot,
        "",
        "",
        "",
        m.timeToReadyMs,
        m.entrypointStartMs,
        m.tasksCompleteMs,
        m.daemonReadyMs,
        ...tail,
      ];
    case "journal":
      return [
        journal,
        m.kind,
        "",
        m.reason,
        m.boot,
        "",
        "",
        "",
        m.lostEvents,
        m.firstLostSeq,
        m.lastLostSeq,
        0,
        ...tail,
      ];
  }
}

function durationsOf(m: Measurement): number[] {
  switch (m.kind) {
    case "process":
      return [m.durationMs, m.previousStateMs];
    case "startup":
      return [m.timeToReadyMs];
    case "resource":
    case "journal":
      return [0];
  }
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
}

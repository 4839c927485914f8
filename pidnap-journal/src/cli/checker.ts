import { isKnownEvent, type EventOf, type JournalEvent } from "../event.ts";
import type { EventEntry, JournalEntry } from "../reader/entry.ts";
import { lastPosition } from "../reader/sequence.ts";
import { firstSeqOfSegment } from "../segment-name.ts";
import { plural } from "./describe.ts";
import type { Findings } from "./findings.ts";
import { createFolding } from "./fold-journal.ts";
import { tableFaults } from "./verify-table.ts";

/** Checks a journal's entries in their order. */
export interface Checker {
  readonly check: (entry: JournalEntry) => void;
  /** A segment begins; called for those too that have no entry at all. */
  readonly enter: (segment: string) => void;
  readonly counts: () => { segments: number; events: number; boots: number };
}

export function createChecker(findings: Findings): Checker {
  const tables = createTableChecker(findings);
  const boots = new Set<string>();
  let segment = "";
  let segments = 0;
  let events = 0;
  let next: number | undefined;

  const expect = (seq: number, offset: number): void => {
    if (next === undefined || seq <= next) return;
    const count = plural(seq - next, "position is", "positions are");
    const range = seq - next === 1 ? String(next) : `${next} to ${seq - 1}`;
    findings.fault({ segment, offset, reason: "gap", detail: `${count} missing: ${range}` });
    tables.miss();
  };
  const enter = (name: string): void => {
    segment = name;
    segments += 1;
    const first = firstSeqOfSegment(name) ?? 1;
    // What was before a journal's oldest segment has expired, as it should.
    if (next === undefined && first > 1) tables.miss();
    expect(first, 0);
    next = Math.max(next ?? 1, first);
    tables.enter();
  };
  const check = (entry: JournalEntry): void => {
    if (entry.segment !== segment) enter(entry.segment);
    if (entry.kind === "corrupt") {
      const { bytes, offset, reason } = entry;
      findings.fault({ segment, offset, reason, detail: plural(bytes, "byte", "bytes") });
      return;
    }
    expect(entry.event.seq, entry.offset);
    next = lastPosition(entry.event) + 1;
    events += 1;
    boots.add(entry.event.boot);
    tables.check(entry);
  };
  return { check, enter, counts: () => ({ segments, events, boots: boots.size }) };
}

interface TableChecker {
  enter(): void;
  /** Events are missing: from here on a table may know more than what was seen. */
  miss(): void;
  check(entry: EventEntry): void;
}

function createTableChecker(findings: Findings): TableChecker {
  const folding = createFolding();
  let journal: string | undefined;
  let isFirst = true;
  let isComplete = true;
  // What is missing right before an event: the fold hears of it only with that event.
  let isBehindGap = false;

  const checkOpened = (event: EventOf<"segment.opened">, entry: EventEntry): void => {
    const { offset, segment } = entry;
    const known = isBehindGap && folding.state.boot === event.boot ? [] : folding.state.processes;
    for (const detail of tableFaults(event, { ...folding.state, processes: known }, isComplete)) {
      findings.fault({ segment, offset, reason: "table", detail });
    }
    journal ??= event.journal;
    if (journal === event.journal) return;
    const detail = `belongs to ${event.journal}, those before to ${journal}`;
    findings.note({ segment, offset, reason: "other-journal", detail });
  };

  return {
    enter() {
      isFirst = true;
    },
    miss() {
      isComplete = false;
      isBehindGap = true;
    },
    check(entry) {
      const { event, offset, segment } = entry;
      const { boot } = folding.state;
      if (boot !== null && event.boot !== boot) isComplete = true;
      if (event.type === "events.dropped" || event.type === "events.lost") isComplete = false;
      if (isSegmentOpened(event)) checkOpened(event, entry);
      else if (isFirst) {
        const detail = `begins with ${event.type}, not with segment.opened`;
        findings.note({ segment, offset, reason: "no-table", detail });
      }
      isFirst = false;
      isBehindGap = false;
      folding.add(entry);
    },
  };
}

function isSegmentOpened(event: JournalEvent): event is EventOf<"segment.opened"> {
  return isKnownEvent(event) && event.type === "segment.opened";
}

import { createHash } from "node:crypto";

/** What the server knows of one journal, and everything it was ever given, so that a test can count. */
export interface FakeJournal {
  next: number;
  last: string | null;
  boot: string | null;
  lastEventAt: number | null;
  /** Every position folded, with the line or the loss that took it. Never written twice. */
  readonly folded: Map<number, string>;
  /** Each loss as it was folded. */
  readonly losses: { from: number; through: number; reason: string; line: string }[];
}

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Admission {
  readonly limits: { readonly maxEvents: number; readonly maxBytes: number };
  readonly rejects: ReadonlyMap<number, string>;
  readonly previousLine: string | undefined;
}

interface Line {
  readonly text: string;
  readonly seq: number;
  readonly through: number;
  readonly lost: string | undefined;
  readonly boot: string;
  readonly at: number;
}

export function emptyJournal(): FakeJournal {
  return { next: 1, last: null, boot: null, lastEventAt: null, folded: new Map(), losses: [] };
}

/** The server's side of a POST, in the order in which it checks. */
export function admit(journal: FakeJournal, body: Buffer, admission: Admission): Reply {
  const { limits } = admission;
  const texts = body.toString("utf8").split("\n");
  if (texts.pop() !== "" || texts.length === 0) return problem(400, "not-ndjson");
  if (texts.length > limits.maxEvents || body.length > limits.maxBytes) {
    return { status: 413, body: { type: "payload-too-large", ...limits } };
  }
  const lines: Line[] = [];
  for (const text of texts) {
    const line = readLine(text);
    if (line === undefined) return problem(400, "not-ndjson");
    lines.push(line);
  }
  const rejected = lines
    .filter(({ seq, lost }) => lost === undefined && admission.rejects.has(seq))
    .map(({ seq }) => ({ seq, reason: admission.rejects.get(seq) }));
  if (rejected.length > 0) return { status: 422, body: { type: "rejected", rejected } };
  if (lines.some((line, index) => index > 0 && line.seq !== (lines[index - 1]?.through ?? 0) + 1)) {
    return problem(422, "not-gapless");
  }
  if (isFork(journal, lines, admission.previousLine)) return problem(409, "fork");
  const first = lines[0]?.seq ?? 1;
  if (first > journal.next) {
    return { status: 409, body: { type: "gap", expected: journal.next } };
  }
  return fold(journal, lines);
}

function fold(journal: FakeJournal, lines: readonly Line[]): Reply {
  let accepted = 0;
  let duplicates = 0;
  for (const line of lines) {
    if (line.through < journal.next) {
      duplicates += 1;
      continue;
    }
    accepted += 1;
    const from = Math.max(line.seq, journal.next);
    for (let seq = from; seq <= line.through; seq += 1) {
      if (journal.folded.has(seq)) throw new Error(`position ${seq} was folded twice`);
      journal.folded.set(seq, line.text);
    }
    if (line.lost !== undefined) {
      journal.losses.push({ from, through: line.through, reason: line.lost, line: line.text });
    }
    journal.next = line.through + 1;
    journal.boot = line.boot;
    journal.lastEventAt = line.at;
    journal.last = line.lost === undefined ? `${line.seq}:${hash(line.text)}` : null;
  }
  return { status: 200, body: { next: journal.next, accepted, duplicates, points: 0 } };
}

function isFork(
  journal: FakeJournal,
  lines: readonly Line[],
  previous: string | undefined,
): boolean {
  if (journal.last === null) return false;
  const [lastSeq] = journal.last.split(":");
  if (previous?.split(":")[0] === lastSeq && previous !== journal.last) return true;
  const same = lines.find(({ seq, lost }) => lost === undefined && String(seq) === lastSeq);
  return same !== undefined && `${same.seq}:${hash(same.text)}` !== journal.last;
}

function readLine(text: string): Line | undefined {
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    const { seq, type, through, reason, boot, at } = value;
    if (typeof seq !== "number" || typeof boot !== "string" || typeof at !== "number") {
      return undefined;
    }
    const lost = type === "events.lost" && typeof through === "number";
    return {
      text,
      seq,
      through: lost ? through : seq,
      lost: lost ? String(reason) : undefined,
      boot,
      at,
    };
  } catch {
    // Not JSON: the caller answers 400.
    return undefined;
  }
}

function problem(status: number, type: string): Reply {
  return { status, body: { type, title: type, status } };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { segmentName } from "pidnap-journal";

/** Journals written by hand, so that a test can write what a writer never would. */

export const journalId = "6f1f1c0e-5b1a-4c3e-9a39-0d6f6b6c9d01";
export const bootA = "b0000000-0000-4000-8000-00000000000a";
export const bootB = "b0000000-0000-4000-8000-00000000000b";

const startMs = 1_760_000_000_000;

export interface LineOptions {
  readonly boot?: string;
  readonly type?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** One line without `\n`: by default a sample, of which the figures tell positions apart. */
export function lineAt(seq: number, options: LineOptions = {}): string {
  const { boot = bootA, type = "resources.sampled" } = options;
  const sample = {
    cpuPercent: seq % 100,
    memoryUsedMb: 1000 + seq,
    memoryTotalMb: 8000,
    diskUsedPercent: 40.5,
  };
  const fields = options.fields ?? (type === "resources.sampled" ? sample : {});
  const at = startMs + seq * 1000;
  return JSON.stringify({ v: 1, seq, at, mono: 5000 + seq * 1000.5, boot, type, ...fields });
}

export function openedAt(seq: number, options: { boot?: string; journal?: string } = {}): string {
  const { journal = journalId, boot = bootA } = options;
  return lineAt(seq, { boot, type: "segment.opened", fields: { journal, processes: {} } });
}

export function transitionAt(
  seq: number,
  options: { boot?: string; process?: string } = {},
): string {
  const { process = "web", boot = bootA } = options;
  const fields = { process, from: "running", to: "restarting", restarts: seq };
  return lineAt(seq, { boot, type: "process.transitioned", fields });
}

/** `from` to `through` as lines, the first of them opening a segment. */
export function linesOf(from: number, through: number, boot = bootA): string[] {
  const lines = [openedAt(from, { boot })];
  for (let seq = from + 1; seq <= through; seq += 1) lines.push(lineAt(seq, { boot }));
  return lines;
}

export function writeSegment(dir: string, firstSeq: number, lines: readonly string[]): string {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, segmentName(firstSeq));
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  return path;
}

export function append(path: string, ...lines: readonly string[]): void {
  appendFileSync(path, lines.map((line) => `${line}\n`).join(""));
}

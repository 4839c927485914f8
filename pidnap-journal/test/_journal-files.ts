import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { segmentName } from "../src/segment-name.ts";

/** A directory of its own for one test. */
export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "pidnap-journal-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** One line with its `\n`; an event that means little, unless `fields` say more. */
export function line(seq: number, fields: Readonly<Record<string, unknown>> = {}): string {
  const head = { v: 1, seq, at: 1_700_000_000_000 + seq, mono: seq, boot: "boot-1" };
  return `${JSON.stringify({ ...head, type: "machine.ready", ...fields })}\n`;
}

/** The lines of positions `from` to `through`. */
export function lines(from: number, through: number): string {
  return Array.from({ length: through - from + 1 }, (_, index) => line(from + index)).join("");
}

/** A transition's line. */
export function transition(
  seq: number,
  process: string,
  from: string,
  to: string,
  fields: Readonly<Record<string, unknown>> = {},
): string {
  return line(seq, { type: "process.transitioned", process, from, to, restarts: 0, ...fields });
}

/** Writes the segment that begins at `firstSeq`. */
export async function writeSegment(
  dir: string,
  firstSeq: number,
  content: string | Uint8Array,
): Promise<void> {
  await writeFile(join(dir, segmentName(firstSeq)), content);
}

/** Adds to it. */
export async function appendToSegment(
  dir: string,
  firstSeq: number,
  content: string | Uint8Array,
): Promise<void> {
  await appendFile(join(dir, segmentName(firstSeq)), content);
}

import { open } from "node:fs/promises";
import { join } from "node:path";
import { createChecker, type Checker } from "./checker.ts";
import { plural } from "./describe.ts";
import { exitCodes } from "./fault.ts";
import { createFindings, keptMax, type Finding, type Findings } from "./findings.ts";
import { createOutput, type Output } from "./output.ts";
import { safeJson, safeText } from "./safe-text.ts";
import { entriesOf, existingJournal } from "./source.ts";
import { openFlags } from "../open-flags.ts";

/** Reads all of a journal and says what is wrong with it. */
export async function verify(
  named: string | undefined,
  options: { readonly json: boolean },
): Promise<void> {
  const { dir, segments } = await existingJournal(named);
  const findings = createFindings();
  const checker = createChecker(findings);
  let last = "";
  for await (const batch of entriesOf(dir)) {
    for (const entry of batch) {
      last = entry.segment;
      checker.check(entry);
    }
  }
  // Segments without a single entry have shown nothing but their names.
  for (const segment of segments) {
    if (segment <= last) continue;
    last = segment;
    checker.enter(segment);
  }
  await noteUnfinished(dir, last, findings);
  if (findings.faults.length > 0) process.exitCode = exitCodes.failure;
  await write(checker, findings, options.json);
}

async function noteUnfinished(dir: string, segment: string, findings: Findings): Promise<void> {
  const rest = await unfinishedTail(join(dir, segment));
  if (rest === undefined) return;
  const detail = `${plural(rest.bytes, "byte", "bytes")} without an end; the next writer mends it`;
  findings.note({ segment, offset: rest.offset, reason: "unfinished", detail });
}

/** What stands behind the last `\n` of a file. */
async function unfinishedTail(
  path: string,
): Promise<{ readonly offset: number; readonly bytes: number } | undefined> {
  const file = await open(path, openFlags.r);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0; end -= buffer.length) {
      const start = Math.max(0, end - buffer.length);
      const { bytesRead } = await file.read(buffer, 0, end - start, start);
      const newline = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (newline === -1) continue;
      const offset = start + newline + 1;
      return offset === size ? undefined : { offset, bytes: size - offset };
    }
    return size === 0 ? undefined : { offset: 0, bytes: size };
  } finally {
    await file.close();
  }
}

async function write(checker: Checker, findings: Findings, json: boolean): Promise<void> {
  const { faults, notes } = findings;
  const counts = checker.counts();
  const output = createOutput(process.stdout);
  if (json) output.line(safeJson({ ok: faults.length === 0, ...counts, faults, notes }, 2));
  else writeText(output, counts, findings);
  await output.flush();
}

function writeText(
  output: Output,
  counts: ReturnType<Checker["counts"]>,
  { faults, notes }: Findings,
): void {
  const lineOf = ({ detail, offset, reason, segment }: Finding): string =>
    `${segment}:${offset}: ${reason}: ${safeText(detail)}`;
  for (const fault of faults) output.line(output.paint("red", lineOf(fault)));
  for (const note of notes) output.line(`note: ${lineOf(note)}`);
  const what = [
    plural(counts.segments, "segment", "segments"),
    plural(counts.events, "event", "events"),
    plural(counts.boots, "boot", "boots"),
  ].join(", ");
  const many = faults.length === keptMax ? `${keptMax} faults or more` : undefined;
  const found = faults.length === 0 ? "sound" : plural(faults.length, "fault", "faults");
  output.line(`${what}: ${many ?? found}`);
}

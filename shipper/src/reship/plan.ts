import { openedJournal } from "../disk/opened-journal.ts";
import { codeOf, isAbsent } from "../disk/segments.ts";
import { NothingToSendError, UsageError } from "../errors.ts";
import type { ShipperFs } from "../world.ts";
import { linesOfFile } from "./file-lines.ts";

/** A journal that is to be sent, and the files it lies in. */
export interface JournalPlan {
  /** The id by its own segments; undefined where they do not say. */
  readonly journal: string | undefined;
  /** In the order of their positions. */
  readonly files: readonly SurveyedFile[];
  readonly firstSeq: number;
  readonly lines: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** What one file holds. */
interface SurveyedFile {
  readonly path: string;
  /** The position that its name promises for its first event. */
  readonly namedSeq: number | undefined;
  readonly journal: string | undefined;
  /** Undefined where no event is in it. */
  readonly firstSeq: number | undefined;
  readonly lines: number;
  /** Of the first event. */
  readonly firstAtMs: number;
  /** The latest of all: a wall clock may be set back. */
  readonly lastAtMs: number;
}

/** A segment as a writer names it; someone may have compressed it since. */
const segmentFile = /^journal-(\d{16})\.ndjson(\.gz)?$/;
const fixtureFile = /\.events\.ndjson(\.gz)?$/;

/**
 * Finds the journals in files and directories, each in one piece however many files it lies in.
 *
 * @throws NothingToSendError for a path that is not there or holds no events
 */
export async function planJournals(
  fs: ShipperFs,
  paths: readonly string[],
): Promise<JournalPlan[]> {
  const files = new Map<string, SurveyedFile>();
  for (const path of paths) {
    for (const file of await surveyPath(fs, path)) files.set(file.path, file);
  }
  const groups = Map.groupBy(files.values(), ({ journal }) => journal);
  return [...groups.values()].map(planOf).filter(({ lines }) => lines > 0);
}

/** The one id for all that is sent, where one is asked for. */
export function targetOf(plan: JournalPlan, asJournal: string | undefined, fresh: string): string {
  const target = asJournal === "new" ? fresh : (asJournal ?? plan.journal);
  if (target !== undefined) return target;
  const path = plan.files[0]?.path ?? "The input";
  throw new NothingToSendError(
    path,
    "does not say whose journal it is",
    "Give the segment before it too, or an id by --as-journal.",
  );
}

/** One id cannot be that of two histories. */
export function refuseMixture(plans: readonly JournalPlan[], asJournal: string | undefined): void {
  if (asJournal === undefined || asJournal === "new" || plans.length <= 1) return;
  throw new UsageError(
    `--as-journal gives one id for ${plans.length} journals.`,
    "Send them one after the other, or give --as-journal new, which makes an id for each.",
  );
}

function planOf(files: readonly SurveyedFile[]): JournalPlan {
  const sorted = files.toSorted((a, b) => orderOf(a) - orderOf(b));
  const filled = sorted.filter(({ lines }) => lines > 0);
  return {
    journal: files[0]?.journal,
    files: sorted,
    firstSeq: Math.min(...filled.map(({ firstSeq }) => firstSeq ?? 1)),
    lines: filled.reduce((sum, { lines }) => sum + lines, 0),
    firstAtMs: filled[0]?.firstAtMs ?? 0,
    lastAtMs: Math.max(...filled.map(({ lastAtMs }) => lastAtMs)),
  };
}

function orderOf({ namedSeq, firstSeq }: SurveyedFile): number {
  return namedSeq ?? firstSeq ?? 0;
}

async function surveyPath(fs: ShipperFs, path: string): Promise<SurveyedFile[]> {
  const entries = await entriesOf(fs, path);
  if (entries === undefined) {
    const file = await survey(fs, path);
    if (file.lines > 0) return [file];
    const hint = "Give segments of a journal, recorded events, or a directory of either.";
    throw new NothingToSendError(path, "holds no events", hint);
  }
  const names = entries.filter((name) => segmentFile.test(name) || fixtureFile.test(name));
  const files: SurveyedFile[] = [];
  for (const name of names) files.push(await survey(fs, `${path.replace(/\/+$/, "")}/${name}`));
  if (files.every(({ lines }) => lines === 0)) {
    const hint =
      "A journal's directory has files such as journal-0000000000000001.ndjson, one of recordings NAME.events.ndjson.";
    throw new NothingToSendError(path, "holds no segments and no recorded events", hint);
  }
  return withNeighboursJournal(files);
}

/** A segment whose first line is damaged is of the journal that all around it are of. */
function withNeighboursJournal(files: readonly SurveyedFile[]): SurveyedFile[] {
  const ids = new Set(
    files.map(({ journal }) => journal).filter((journal) => journal !== undefined),
  );
  const [only] = ids;
  if (ids.size !== 1) return [...files];
  return files.map((file) =>
    file.namedSeq === undefined ? file : { ...file, journal: file.journal ?? only },
  );
}

/** Undefined where `path` is no directory. */
async function entriesOf(fs: ShipperFs, path: string): Promise<string[] | undefined> {
  try {
    return await fs.readdir(path);
  } catch (error) {
    if (codeOf(error) === "ENOTDIR") return undefined;
    throw cannotRead(path, error);
  }
}

async function survey(fs: ShipperFs, path: string): Promise<SurveyedFile> {
  let journal: string | undefined;
  let firstSeq: number | undefined;
  let lines = 0;
  let firstAtMs: number | undefined;
  let lastAtMs = -Infinity;
  try {
    for await (const piece of linesOfFile(fs, path)) {
      for (const line of piece.lines) {
        if (journal === undefined && line.head.type === "segment.opened") {
          journal = openedJournal(line.bytes.subarray(0, -1));
        }
        firstSeq ??= line.head.seq;
        firstAtMs ??= line.head.at;
        lastAtMs = Math.max(lastAtMs, line.head.at);
      }
      lines += piece.lines.length;
    }
  } catch (error) {
    throw codeOf(error)?.startsWith("E") === true ? cannotRead(path, error) : error;
  }
  const named = segmentFile.exec(path.split("/").at(-1) ?? "")?.[1];
  const namedSeq = named === undefined ? undefined : Number(named);
  return { path, namedSeq, journal, firstSeq, lines, firstAtMs: firstAtMs ?? 0, lastAtMs };
}

function cannotRead(path: string, cause: unknown): NothingToSendError {
  const problem = isAbsent(cause) ? "is not there" : `cannot be read (${codeOf(cause)})`;
  return new NothingToSendError(path, problem, "Check the path and who may read it.", cause);
}

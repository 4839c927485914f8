import { join, resolve } from "node:path";
import { JournalMarkError, JournalNotFoundError, JournalOptionError } from "../errors.ts";
import type { WriterEnvironment } from "../writer/environment.ts";
import { isMissing } from "../writer/file-errors.ts";
import { nodeEnvironment } from "../writer/node-environment.ts";
import {
  encodeMark,
  faultOfMark,
  markFileName,
  marksFolder,
  marksMode,
  type Mark,
} from "./mark.ts";

/** What dropping a mark takes from the world. */
export type MarkEnvironment = Pick<
  WriterEnvironment,
  "fs" | "monotonicNow" | "randomUuid" | "self"
>;

/**
 * Hands a mark to the writer of the journal in `dir`, which appends it within a second. One that
 * nobody picks up is discarded when the next writer begins its boot.
 *
 * @throws JournalOptionError the mark is none
 * @throws JournalNotFoundError there is no such directory
 * @throws JournalMarkError the file system refused it
 */
export function dropMark(dir: string, mark: Mark): void {
  ownEnvironment ??= nodeEnvironment();
  dropMarkWith(ownEnvironment, dir, mark);
}

let ownEnvironment: MarkEnvironment | undefined;

/** `dropMark` in a world of the caller's. */
export function dropMarkWith(env: MarkEnvironment, dir: string, mark: Mark): void {
  const fault = faultOfMark(mark);
  if (fault !== undefined) {
    throw new JournalOptionError(
      `The mark cannot be used: ${fault}.`,
      "A mark is machine.ready, or tasks.completed with count and failed, whole numbers from 0.",
    );
  }
  const folder = join(resolve(dir), marksFolder);
  try {
    env.fs.statSync(resolve(dir));
  } catch (error) {
    if (isMissing(error)) throw new JournalNotFoundError(dir, error);
    throw new JournalMarkError(folder, error);
  }
  const name = markFileName(nextMicros(env), env.randomUuid());
  const unfinished = join(folder, `.${name}.${env.self.pid}`);
  try {
    env.fs.mkdirSync(folder, { recursive: true, mode: marksMode });
    writeWhole(env, unfinished, encodeMark(mark, env.self.hostBoot));
    env.fs.renameSync(unfinished, join(folder, name));
  } catch (error) {
    throw new JournalMarkError(folder, error);
  }
}

/** When the last mark of a world was made, so that two of one process in the same microsecond keep their order. */
const lastMicrosOf = new WeakMap<MarkEnvironment, number>();

function nextMicros(env: MarkEnvironment): number {
  const lastMicros = lastMicrosOf.get(env) ?? 0;
  const micros = Math.floor(env.monotonicNow() * 1000);
  const isOfSameMoment = micros <= lastMicros && micros > lastMicros - 1000;
  const next = isOfSameMoment ? lastMicros + 1 : micros;
  lastMicrosOf.set(env, next);
  return next;
}

function writeWhole({ fs }: MarkEnvironment, path: string, text: string): void {
  const fd = fs.openSync(path, "wx", 0o644);
  try {
    const bytes = Buffer.from(text);
    if (fs.writeSync(fd, bytes, 0, bytes.length) < bytes.length) {
      throw Object.assign(new Error("no space left for the mark"), { code: "ENOSPC" });
    }
  } catch (error) {
    fs.unlinkSync(path);
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}

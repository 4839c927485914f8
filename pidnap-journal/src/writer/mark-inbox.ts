import { join } from "node:path";
import { decodeMark, madeMicrosOf, marksFolder, maxMarkBytes, type Mark } from "../marks/mark.ts";
import type { WriterEnvironment } from "./environment.ts";
import { isMissing } from "./file-errors.ts";
import { readSmallFile, removeQuietly } from "./small-files.ts";

/**
 * Appends a mark; false where that was not possible.
 *
 * @param madeMono the host's monotonic clock when it was made, ms
 */
export type TakeMark = (mark: Mark, madeMono: number) => boolean;

/** Marks looked at in one go, so that a flood of them holds up pidnap's event loop no longer than this takes. */
const maxMarksAtOnce = 500;

/**
 * The writer's side of the drop box. A mark is appended first and removed then. A crash in between
 * does not make it come twice: the next boot begins later than the mark was made, and discards it.
 */
export class MarkInbox {
  readonly #env: WriterEnvironment;
  readonly #folder: string;
  readonly #bootMicros: number;
  readonly #note: (operation: string, error: unknown) => void;
  /** Appended, but their files could not be removed. */
  #taken: ReadonlySet<string> = new Set();

  /** @param bootMono the host's monotonic clock when this boot began, ms: marks made before are of another one */
  constructor(
    env: WriterEnvironment,
    dir: string,
    bootMono: number,
    note: (operation: string, error: unknown) => void,
  ) {
    this.#env = env;
    this.#folder = join(dir, marksFolder);
    this.#bootMicros = Math.floor(bootMono * 1000);
    this.#note = note;
  }

  /** Hands on the marks that have come, in the order of their making. Never throws. */
  poll(take: TakeMark): void {
    try {
      const names = this.#names();
      if (names.length === 0) return;
      this.#taken = new Set(names.filter((name) => this.#taken.has(name)));
      const waiting = names.filter((name) => !this.#taken.has(name)).sort();
      for (const name of waiting.slice(0, maxMarksAtOnce)) {
        // One that cannot be appended now waits, and those behind it with it.
        if (!this.#takeOne(name, take)) return;
      }
    } catch (error) {
      this.#note("mark", error);
    }
  }

  #names(): string[] {
    try {
      return this.#env.fs
        .readdirSync(this.#folder)
        .filter((name) => madeMicrosOf(name) !== undefined);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  #takeOne(name: string, take: TakeMark): boolean {
    const path = join(this.#folder, name);
    const madeMicros = madeMicrosOf(name) ?? 0;
    const file = this.#read(path);
    if (file === undefined) {
      this.#note("mark", new Error(`the mark ${path} cannot be understood and was left out`));
    } else if (madeMicros >= this.#bootMicros && file.hostBoot === this.#env.self.hostBoot) {
      if (!take(file.mark, madeMicros / 1000)) return false;
    }
    if (!removeQuietly(this.#env.fs, path)) this.#taken = new Set([...this.#taken, name]);
    return true;
  }

  #read(path: string) {
    try {
      return decodeMark(readSmallFile(this.#env.fs, path, maxMarkBytes) ?? "");
    } catch (error) {
      // A directory, or another user's secret: no mark, and no reason to keep the others waiting.
      this.#note("mark", error);
      return undefined;
    }
  }
}

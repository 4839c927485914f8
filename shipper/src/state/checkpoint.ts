import * as z from "zod/mini";
import { codeOf } from "../disk/segments.ts";
import { StateDirError } from "../errors.ts";
import type { Log, ShipperFs } from "../world.ts";
import { canReplace, keepName, replaceFile } from "./atomic-file.ts";

const position = z.int().check(z.gte(1));

const forkSchema = z.object({
  /** The id that another history holds. */
  disputed: z.string(),
  /** The boot from whose first line this history goes on. */
  boot: z.string(),
  shipAs: z.string(),
  atMs: z.number(),
});

const checkpointSchema = z.object({
  version: z.literal(1),
  /** The journal's own id. */
  journal: z.string(),
  /** The id it is shipped under; another one after a fork. */
  shipAs: z.string(),
  /** Positions below are another history's. */
  foreignBefore: position,
  /** Everything below is the server's. A cache of what the server says, never above it. */
  next: position,
  /** Whose token it was shipped with. */
  sub: z.optional(z.string()),
  forks: z.array(forkSchema),
});

export type Checkpoint = z.infer<typeof checkpointSchema>;
export type Fork = z.infer<typeof forkSchema>;

export const checkpointPath = (stateDir: string): string => `${stateDir}/checkpoint.json`;

/** The checkpoint's file. Losing it costs one question to the server; a damaged one counts as lost. */
export class CheckpointFile {
  readonly #fs: ShipperFs;
  readonly #dir: string;
  readonly #path: string;
  /** The id whose checkpoint's name was forced to the disk. */
  #shipAs: string | undefined;
  /** What was saved last, whether the disk took it or not: a disk that fails later ends nothing, and a fork is not met twice. */
  #latest: Checkpoint | undefined;

  constructor(fs: ShipperFs, dir: string) {
    this.#fs = fs;
    this.#dir = dir;
    this.#path = checkpointPath(dir);
  }

  async load(log: Log): Promise<Checkpoint | undefined> {
    if (this.#latest !== undefined) return this.#latest;
    const text = await this.#read();
    if (text === undefined) return undefined;
    const checkpoint = readCheckpoint(jsonOrUndefined(text));
    if (checkpoint !== undefined) return checkpoint;
    log.warn("The checkpoint is damaged and is made anew from the server's position.", {
      path: this.#path,
    });
    return undefined;
  }

  async save(checkpoint: Checkpoint): Promise<void> {
    this.#latest = checkpoint;
    try {
      await replaceFile(this.#fs, this.#path, `${JSON.stringify(checkpoint)}\n`);
      // A position that a power cut takes back is asked for again. Another id is not: what is behind it
      // would be shipped under the disputed one.
      if (checkpoint.shipAs === this.#shipAs) return;
      await keepName(this.#fs, this.#path);
      this.#shipAs = checkpoint.shipAs;
    } catch (error) {
      throw new StateDirError(this.#dir, `cannot be written to (${codeOf(error)})`, error);
    }
  }

  async #read(): Promise<string | undefined> {
    try {
      await this.#fs.mkdir(this.#dir, { recursive: true, mode: 0o750 });
      await canReplace(this.#fs, this.#path);
    } catch (error) {
      throw new StateDirError(this.#dir, "cannot be used", error);
    }
    try {
      return Buffer.from(await this.#fs.readFile(this.#path)).toString("utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw new StateDirError(this.#dir, "cannot be used", error);
    }
  }
}

/** The checkpoint that `value` is, or undefined where it is none. */
export function readCheckpoint(value: unknown): Checkpoint | undefined {
  return checkpointSchema.safeParse(value).data;
}

/** JSON or nothing: a file that was damaged by someone else is no reason to stop. */
export function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses what is not there.
    return undefined;
  }
}

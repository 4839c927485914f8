import { firstSeqOfSegment, segmentNames } from "pidnap-journal";
import type { ShipperFs } from "../world.ts";

export interface Segment {
  readonly name: string;
  readonly path: string;
  readonly firstSeq: number;
}

/** The segments of a journal on disk, oldest first; none where the directory is not there. */
export async function listSegments(fs: ShipperFs, dir: string): Promise<Segment[]> {
  let entries: string[];
  try {
    entries = await fs.readdir(dir);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
  return segmentNames(entries).map((name) => ({
    name,
    path: `${dir}/${name}`,
    firstSeq: firstSeqOfSegment(name) ?? 1,
  }));
}

/** The file or the directory is not there: an expected outcome where another process deletes and makes them. */
export function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

export function codeOf(error: unknown): string | undefined {
  const code: unknown =
    typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}

import { firstSeqOfSegment, segmentNames } from "pidnap-journal";
import type { ShipperFs } from "../world.ts";

export interface Segment {
  readonly name: string;
  readonly path: string;
  readonly firstSeq: number;
}

/**
 * The segments of a journal on disk, oldest first; none where the directory is not there.
 *
 * @param since the lowest position that a segment may begin with
 */
export async function listSegments(fs: ShipperFs, dir: string, since = 0): Promise<Segment[]> {
  let entries: string[];
  try {
    entries = await fs.readdir(dir);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
  const segments = segmentNames(entries).map((name) => ({
    name,
    path: `${dir}/${name}`,
    firstSeq: firstSeqOfSegment(name) ?? 1,
  }));
  return segments.filter(({ firstSeq }) => firstSeq >= since);
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

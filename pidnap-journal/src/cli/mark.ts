import { dropMark } from "../marks/drop-mark.ts";
import type { Mark } from "../marks/mark.ts";
import { journalDir } from "./journal-dir.ts";

/** Hands a mark to the writer of a journal. */
export function mark(named: string | undefined, what: Mark): void {
  dropMark(journalDir(named), what);
}

import type { JournalId } from "pidnap-journal";
import { parseLine } from "../core/line-head.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The journal that a `segment.opened` line names; undefined for any other line. @param line without `\n` */
export function openedJournal(line: Uint8Array): JournalId | undefined {
  const parsed = parseLine(line);
  if (parsed.kind !== "line" || parsed.head.type !== "segment.opened") return undefined;
  const { journal } = JSON.parse(new TextDecoder().decode(line)) as { journal?: unknown };
  return typeof journal === "string" && uuid.test(journal) ? (journal as JournalId) : undefined;
}

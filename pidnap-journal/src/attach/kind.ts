import type { ProcessKind } from "../event.ts";
import type { PidnapEntry } from "./pidnap-surface.ts";

/** What kind of work an entry of pidnap's configuration is: its schedule and its restart policy say it. */
export function kindOf(entry: PidnapEntry): ProcessKind {
  if (entry.schedule !== undefined && entry.schedule !== null) return "cron";
  return entry.options?.restartPolicy === "never" ? "task" : "process";
}

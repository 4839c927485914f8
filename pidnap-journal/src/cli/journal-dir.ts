import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { JournalOptionError } from "../errors.ts";

/** The directory a command is about: as named, else `$PIDNAP_JOURNAL_DIR`, else pidnap's own place. */
export function journalDir(named: string | undefined): string {
  const fromEnvironment = process.env["PIDNAP_JOURNAL_DIR"];
  const chosen = named ?? fromEnvironment;
  if (chosen !== undefined && chosen !== "") return chosen;
  const usual = join(homedir(), ".iterate", "pidnap-journal");
  if (existsSync(usual)) return usual;
  throw new JournalOptionError(
    `No journal is named: $PIDNAP_JOURNAL_DIR is not set, and there is none in ~/.iterate/pidnap-journal (${usual}).`,
    "Name its directory.",
  );
}

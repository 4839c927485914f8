import { JournalError, JournalOptionError } from "../errors.ts";
import { safeText } from "./safe-text.ts";

/** Exit codes: all is well; it went wrong; it was asked for wrongly. */
export const exitCodes = { ok: 0, failure: 1, usage: 2 } as const;

/** What is said about an error, on one line, and how the command ends. */
export interface Fault {
  readonly message: string;
  readonly exitCode: number;
}

/** What an error means to the person at the command line. */
export function faultOf(error: unknown): Fault {
  if (error instanceof JournalOptionError) {
    return { message: oneLine(`${error.message} ${error.hint}`), exitCode: exitCodes.usage };
  }
  if (error instanceof JournalError) {
    return { message: oneLine(`${error.message} ${error.hint}`), exitCode: exitCodes.failure };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { message: oneLine(`${message}${adviceFor(error)}`), exitCode: exitCodes.failure };
}

function adviceFor(error: unknown): string {
  const { code } = error as { code?: unknown };
  switch (code) {
    case "EACCES":
    case "EPERM":
      return ". Run it as the user that pidnap runs as, or as one that may read its journal.";
    case "ENOSPC":
    case "EDQUOT":
    case "EROFS":
      return ". Write to a disk that has room.";
    case "ENOENT":
    case "ENOTDIR":
    case "EISDIR":
      return ". Look at the path.";
    case "EMFILE":
    case "ENFILE":
      return ". Raise the limit of open files, `ulimit -n`.";
    case "EIO":
      return ". The disk fails: copy the journal while it can be read.";
    default:
      return "";
  }
}

function oneLine(text: string): string {
  return safeText(text.trim().replaceAll(/\s*\n\s*/g, " "));
}

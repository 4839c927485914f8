import { JournalError } from "pidnap-journal";
import { ShipperError } from "./errors.ts";

/** An error as one line: what, where, and what to do about it. */
export function messageOf(error: unknown): string {
  if (error instanceof ShipperError || error instanceof JournalError) {
    return `pidnap-shipper: ${error.message} ${error.hint}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `pidnap-shipper: ${message}${isSystemError(error) ? advice : ""}`;
}

const advice =
  ". Check that the shipper may read the journal and write its state, and that the disk is well and has room.";

/** An error of the operating system about a file: what else goes wrong out there has errors of its own. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

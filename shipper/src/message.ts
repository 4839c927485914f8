import { JournalError } from "pidnap-journal";
import { ShipperError } from "./errors.ts";

/** An error as one line: what, where, and what to do about it. */
export function messageOf(error: unknown): string {
  if (error instanceof ShipperError || error instanceof JournalError) {
    return `pidnap-shipper: ${error.message} ${error.hint}`;
  }
  return `pidnap-shipper: ${error instanceof Error ? error.message : String(error)}`;
}

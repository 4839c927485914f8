import { Session } from "chdb";
import { DataUnusableError } from "./errors.ts";

/** Opens one more session on a directory. Throws DataUnusableError. */
export function openSession(dir: string): Session {
  try {
    return new Session(dir);
  } catch (error) {
    throw new DataUnusableError(
      dir,
      "another process has it open, or its files are damaged",
      error,
    );
  }
}

/** The engine's own number of an error, where it gave one. */
export function clickhouseCodeOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("clickhouseCode" in error)) return undefined;
  return typeof error.clickhouseCode === "number" ? error.clickhouseCode : undefined;
}

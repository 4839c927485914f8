import { Session } from "chdb";
import { DataUnusableError } from "./errors.ts";
import { storeLimits } from "./limits.ts";

/** Settings of the engine itself, which the first session of a directory starts. */
const connectionArgs = Object.entries({
  max_server_memory_usage: storeLimits.maxMemoryBytes,
  mark_cache_size: storeLimits.maxMarksBytes,
  primary_index_cache_size: storeLimits.maxMarksBytes,
  query_condition_cache_size: storeLimits.maxConditionsBytes,
  compiled_expression_cache_size: storeLimits.maxExpressionsBytes,
}).map(([name, value]) => `--${name}=${value}`);

/** Opens one more session on a directory. Throws DataUnusableError. */
export function openSession(dir: string): Session {
  try {
    return new Session(dir, { connectionArgs });
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

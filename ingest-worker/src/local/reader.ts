import type { Session } from "chdb";
import { clickhouseCodeOf, openSession } from "./clickhouse-session.ts";
import { StoreError } from "./errors.ts";
import { queryLimits } from "./limits.ts";
import { clickhouseSettings, type AnswerFormat } from "./sql/translate.ts";

/** Answers that are thrown away after a failed query until one is clean; the first takes everything. */
const maxDrains = 3;

/** A session that reads only, for good, under the limits of a client. It answers one query at a time. */
export class Reader {
  readonly #session: Session;
  /** Whether a query failed whose half-written answer may still be in the session. */
  #dirty = false;

  /** Throws DataUnusableError. */
  constructor(dir: string) {
    this.#session = openSession(dir);
    this.#session.query(`SET ${readerSettings}`);
    // Last, since it forbids every further SET, its own undoing included.
    this.#session.query("SET readonly = 1");
  }

  /** Gives the answer's text. Rejects with StoreError. */
  async query(sql: string, format: AnswerFormat): Promise<string> {
    try {
      await this.#drain();
      const result = await this.#session.queryAsync(sql, { format });
      return result.text();
    } catch (error) {
      this.#dirty = true;
      // At once, since what is left may be large; before the next query where that fails.
      await this.#drain().catch(() => {});
      throw new StoreError("The query failed.", clickhouseCodeOf(error), error);
    }
  }

  close(): void {
    this.#session.close();
  }

  /**
   * Takes what a failed query left behind. The engine keeps what such a query had written so far
   * and puts it in front of the session's next answer, which may be another client's.
   */
  async #drain(): Promise<void> {
    for (let attempt = 0; this.#dirty && attempt < maxDrains; attempt += 1) {
      const answer = await this.#session.queryAsync("SELECT 'drained'", { format: "TabSeparated" });
      this.#dirty = answer.text() !== "drained\n";
    }
    if (this.#dirty) {
      throw new StoreError("What a failed query left stays in its session.", undefined);
    }
  }
}

const readerSettings = Object.entries({
  max_execution_time: queryLimits.maxExecutionTimeS,
  max_result_rows: queryLimits.maxResultRows,
  max_result_bytes: queryLimits.maxResultBytes,
  result_overflow_mode: "throw",
  max_memory_usage: queryLimits.maxMemoryBytes,
  max_bytes_before_external_group_by: queryLimits.maxBytesBeforeDisk,
  max_bytes_before_external_sort: queryLimits.maxBytesBeforeDisk,
  max_threads: queryLimits.maxThreads,
  max_block_size: queryLimits.maxBlockRows,
  // Several buffers of a megabyte each, to write an answer that waits for the network anyway.
  output_format_parallel_formatting: 0,
  max_query_size: queryLimits.maxPrintedBytes,
  output_format_write_statistics: 0,
  ...clickhouseSettings,
})
  .map(([name, value]) => `${name} = '${value}'`)
  .join(", ");

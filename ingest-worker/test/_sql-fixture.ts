import { deepStrictEqual } from "node:assert";
import { Session } from "chdb";
import { datasetColumns } from "../src/local/sql/columns.ts";
import { clickhouseSettings, translateQuery } from "../src/local/sql/translate.ts";
import type { TranslatedStatement } from "../src/local/sql/translate.ts";

/** The datasets of the tests: one with four known rows, one with a name that needs quotes. */
export const tables: ReadonlyMap<string, string> = new Map([
  ["machine_metrics", "points"],
  ["machine-metrics", "points"],
]);

const rows = [
  ["2026-09-01 10:07:33", 1, "m-1", ["a", "2026-09-01T10", "7"], [1.5, 10]],
  ["2026-09-01 10:30:00", 2, "m-1", ["a", "2026-09-01T10", "12"], [3, 20]],
  ["2026-09-01 11:00:00", 4, "m-1", ["b", "2026-09-01T11", "9"], [3, 10]],
  ["2026-09-02 11:59:59", 1, "m-1", ["c", "2026-09-02T11", "0"], [4, 20]],
] as const;

/** What ClickHouse answers with FORMAT JSON, as far as the tests read it. */
interface Answer {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly rows: number;
}

/**
 * A ClickHouse with the four rows. `ask` takes a query of the dialect, and fails where the answer's
 * columns are not the ones that were foretold; `run` takes a translated one.
 */
export interface Store extends Disposable {
  readonly ask: (sql: string, strict?: boolean) => Answer;
  readonly run: (statement: TranslatedStatement) => Answer;
}

/** Opens the one session that a process may have. */
export function openStore(): Store {
  const session = new Session(undefined, {
    connectionArgs: Object.entries(clickhouseSettings).map(([name, value]) => `--${name}=${value}`),
  });
  const columns = [...datasetColumns].map(([name, { stored }]) => `${name} ${stored}`);
  session.query(
    `CREATE TABLE points (${columns.join(", ")}) ENGINE = MergeTree ORDER BY timestamp`,
  );
  for (const [timestamp, interval, index, blobs, doubles] of rows) {
    session.query(
      `INSERT INTO points (dataset, timestamp, _sample_interval, index1, blob1, blob2, blob7, double1, double2)
       VALUES ('machine_metrics', '${timestamp}', ${interval}, '${index}', '${blobs[0]}', '${blobs[1]}', '${blobs[2]}', ${doubles[0]}, ${doubles[1]})`,
    );
  }
  const run = ({ clickhouseSql }: TranslatedStatement): Answer => {
    try {
      return JSON.parse(session.query(clickhouseSql, "JSON")) as Answer;
    } catch (error) {
      // What a query had written before it failed comes out in front of the next answer.
      session.query("SELECT 1", "JSON");
      throw error;
    }
  };
  return {
    run,
    ask: (sql, strict = true) => {
      const result = translateQuery(sql, { tables, strict });
      if (!result.ok) throw new Error(`${sql}\n${result.message}`);
      const answer = run(result.statement);
      deepStrictEqual(answer.meta, result.statement.columns, sql);
      return answer;
    },
    [Symbol.dispose]: () => session.close(),
  };
}

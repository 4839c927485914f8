import { checkSelect } from "./check-select.ts";
import { parseStatement } from "./parse.ts";
import { printSelect } from "./print-select.ts";
import { quoteString } from "./quote.ts";
import { Refusal } from "./refusal.ts";
import { Ids } from "./scope.ts";
import type { Statement } from "./tree.ts";

export type AnswerFormat = "JSON" | "JSONEachRow" | "TabSeparated";
const answerFormats: readonly AnswerFormat[] = ["JSON", "JSONEachRow", "TabSeparated"];

/** One column of an answer: its name and its type, as `meta` shows both. */
interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

/** A statement that may run: `clickhouseSql` answers it, to be asked for in `format`. */
export interface TranslatedStatement {
  readonly kind: "select" | "show-tables" | "show-timezones" | "show-timezone";
  /** One query of ClickHouse, without a FORMAT clause. */
  readonly clickhouseSql: string;
  readonly format: AnswerFormat;
  readonly columns: readonly AnswerColumn[];
}

export interface TranslateOptions {
  /**
   * What there is to read: the name of a dataset, and ClickHouse's expression for it (a table's
   * name, or a subquery in parentheses) with the columns and types of `datasetColumns`.
   */
  readonly tables: ReadonlyMap<string, string>;
  /**
   * Whether to refuse what production was seen both to take and to refuse. Default true, so that
   * nothing that works here comes up empty there.
   */
  readonly strict?: boolean;
}

export type Translation =
  | { readonly ok: true; readonly statement: TranslatedStatement }
  | { readonly ok: false; readonly status: 422; readonly message: string };

/**
 * ClickHouse's settings that the printed SQL counts on, to be set on the session that runs it: the
 * zone in which production answers, and how its JSON encodes numbers and slashes.
 */
export const clickhouseSettings: Readonly<Record<string, string>> = {
  session_timezone: "Etc/UTC",
  output_format_json_quote_64bit_integers: "1",
  output_format_json_quote_denormals: "0",
  output_format_json_escape_forward_slashes: "0",
};

/**
 * Turns a query of Analytics Engine's dialect into one of ClickHouse's. The text is parsed, checked
 * and printed anew, so that nothing a client typed reaches the store as it was typed. Never throws
 * for any text; a refusal's `message` is the body to answer with, as text/plain.
 */
export function translateQuery(sql: string, options: TranslateOptions): Translation {
  const { tables, strict = true } = options;
  try {
    const statement = parseStatement(sql, strict);
    const format = formatOf(statement, strict);
    return { ok: true, statement: { ...translateBody(statement, sql, tables, strict), format } };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, status: 422, message: error.toBody() };
    throw error;
  }
}

function formatOf({ format }: Statement, strict: boolean): AnswerFormat {
  if (format === null) return "JSON";
  const known = answerFormats.find(
    (name) => name === format.name || (!strict && name.toLowerCase() === format.name.toLowerCase()),
  );
  if (known !== undefined) return known;
  throw new Refusal(
    `unsupported format: ${format.name}`,
    `write FORMAT ${answerFormats.join(", FORMAT ")}, in this spelling`,
    format.at,
  );
}

function translateBody(
  { body }: Statement,
  sql: string,
  tables: ReadonlyMap<string, string>,
  strict: boolean,
): Omit<TranslatedStatement, "format"> {
  switch (body.kind) {
    case "select": {
      const plan = checkSelect(body.select, { sql, strict, tables, ids: new Ids() });
      const columns = plan.outputs.map(({ name, plan: { stored } }) => ({ name, type: stored }));
      return { kind: body.kind, clickhouseSql: printSelect(plan), columns };
    }
    case "show-tables": {
      const names = [...tables.keys()].sort().map(quoteString).join(", ");
      return {
        kind: body.kind,
        clickhouseSql: `SELECT arrayJoin(CAST([${names}] AS Array(String))) AS dataset`,
        columns: [{ name: "dataset", type: "String" }],
      };
    }
    case "show-timezones":
      return {
        kind: body.kind,
        clickhouseSql: "SELECT time_zone AS timezone FROM system.time_zones ORDER BY timezone",
        columns: [{ name: "timezone", type: "String" }],
      };
    case "show-timezone":
      return {
        kind: body.kind,
        clickhouseSql: "SELECT 'Etc/UTC' AS timezone",
        columns: [{ name: "timezone", type: "String" }],
      };
  }
}

import type { PointStore } from "./clickhouse.ts";
import { QueueTimeoutError, StoreError } from "./errors.ts";
import { translateQuery, type TranslatedStatement } from "./sql/translate.ts";

/** An HTTP answer, free of any one runtime's Response. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the SQL API needs of a request. */
export interface SqlRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | null;
  text(): Promise<string>;
}

const sqlPath = /^\/client\/v4\/accounts\/[^/]+\/analytics_engine\/sql\/?$/;

/** What statements are answered from. */
export interface SqlContext {
  readonly store: Pick<PointStore, "query" | "busy" | "tables">;
  readonly log: (line: string) => void;
  /** Whether to refuse what production was seen both to take and to refuse. Default true. */
  readonly strict?: boolean;
}

/**
 * Answers as Cloudflare's SQL API does: the statement as the body or in `query`, any bearer token.
 * Nothing of the store's own words reaches a client; they go to the log.
 */
export function makeSqlApi(context: SqlContext): (request: SqlRequest) => Promise<Answer> {
  return async (request) => {
    if (!sqlPath.test(request.url.pathname)) {
      return apiError(404, 7003, `Could not route to ${request.url.pathname}.`);
    }
    if (request.method !== "POST" && request.method !== "GET") {
      return { ...apiError(405, 10405, "Method not allowed."), headers: { allow: "GET, POST" } };
    }
    if (!/^bearer +\S+\s*$/i.test(request.authorization ?? "")) {
      return apiError(401, 10000, "Authentication error: send `Authorization: Bearer <token>`.");
    }
    const sql = await statementOf(request);
    if (sql === undefined) return plain(400, "Query string error: missing field `query`");
    return answerStatement(sql, context);
  };
}

async function statementOf(request: SqlRequest): Promise<string | undefined> {
  if (request.method === "POST") return request.text();
  return request.url.searchParams.get("query") ?? undefined;
}

/** Runs one statement of Analytics Engine's dialect, for the API and for the page's named queries alike. */
export async function answerStatement(
  sql: string,
  { store, log, strict = true }: SqlContext,
): Promise<Answer> {
  const translated = translateQuery(sql, { tables: store.tables, strict });
  if (!translated.ok) return plain(translated.status, translated.message);
  if (store.busy) return plain(429, words.queueFull);
  const { statement } = translated;
  try {
    return answerOf(await store.query(statement.clickhouseSql, statement.format), statement);
  } catch (error) {
    return failureOf(error, log);
  }
}

function answerOf(text: string, { format, columns }: TranslatedStatement): Answer {
  switch (format) {
    case "JSON":
      return { status: 200, body: withMeta(text, columns), contentType: "application/json" };
    case "JSONEachRow":
      return { status: 200, body: text, contentType: "application/x-ndjson" };
    case "TabSeparated":
      return { status: 200, body: text, contentType: "text/tab-separated-values; charset=utf-8" };
  }
}

/** ClickHouse's answer with production's types in `meta`: the store's own differ in how they say a zone. */
function withMeta(text: string, columns: TranslatedStatement["columns"]): string {
  const dataAt = text.indexOf('"data":');
  return `{"meta":${JSON.stringify(columns)},\n${text.slice(dataAt)}`;
}

/** Production's words, by its status. */
const words = {
  timedOut:
    "Resource limit: Your query timed out. Try simplifying the query or narrowing the time range.",
  memory:
    "Resource limit: Your query requires too much memory. Try simplifying the query or narrowing the time range.",
  tooLarge:
    "Resource limit: Your query result is too large. Try adding a LIMIT clause or narrowing your query.",
  queueFull: "Resource limit: Too many queries queued for this account. Please try again later.",
  queueTimedOut:
    "Query timed out waiting in queue. The system is under heavy load. Please try again later.",
  unable: "Sorry, we were unable to evaluate your query. Please try again later.",
};

/** ClickHouse's numbers of errors that a limit of ours causes. */
const limitErrors = new Map([
  [159, words.timedOut], // TIMEOUT_EXCEEDED
  [160, words.timedOut], // TOO_SLOW
  [241, words.memory], // MEMORY_LIMIT_EXCEEDED
  [158, words.tooLarge], // TOO_MANY_ROWS
  [307, words.tooLarge], // TOO_MANY_BYTES
  [396, words.tooLarge], // TOO_MANY_ROWS_OR_BYTES
]);

/** ClickHouse's numbers of errors that values in the query cause, found only while it runs. */
const valueErrors = new Map([
  [6, "a text in it cannot be read as a number"], // CANNOT_PARSE_TEXT
  [12, "an argument is out of range"], // PARAMETER_OUT_OF_BOUND
  [27, "a text in it cannot be read as a number"], // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  [32, "a text in it ends before a value does"], // ATTEMPT_TO_READ_AFTER_EOF
  [36, "an argument has a value that its function does not take"], // BAD_ARGUMENTS
  [38, "a text in it cannot be read as a date"], // CANNOT_PARSE_DATE
  [41, "a text in it cannot be read as a date and time"], // CANNOT_PARSE_DATETIME
  [43, "a function was given a type it does not take"], // ILLEGAL_TYPE_OF_ARGUMENT
  [53, "two of its values have types that do not fit"], // TYPE_MISMATCH
  [69, "an argument is out of range"], // ARGUMENT_OUT_OF_BOUND
  [70, "a value does not fit the type it is converted to"], // CANNOT_CONVERT_TYPE
  [72, "a text in it cannot be read as a number"], // CANNOT_PARSE_NUMBER
  [135, "substring() counts characters from 1"], // ZERO_ARRAY_OR_TUPLE_INDEX
  [153, "it divides an integer by zero, or beyond what its type holds"], // ILLEGAL_DIVISION
  [321, "a value does not fit its type"], // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  [386, "two of its values have no type in common"], // NO_COMMON_TYPE
  [407, "a number is too large for a date and time"], // DECIMAL_OVERFLOW
]);

function failureOf(error: unknown, log: (line: string) => void): Answer {
  if (error instanceof QueueTimeoutError) return plain(503, words.queueTimedOut);
  if (!(error instanceof StoreError)) throw error;
  const code = error.clickhouseCode ?? 0;
  const limit = limitErrors.get(code);
  if (limit !== undefined) return plain(429, limit);
  log(`sql: ${error.cause instanceof Error ? error.cause.message : error.message}`);
  const reason = valueErrors.get(code);
  if (reason !== undefined) return plain(422, `Input was invalid: ${reason}.`);
  return unableAnswer;
}

/** What a client is told of a fault of ours. */
export const unableAnswer: Answer = plain(500, words.unable);

function plain(status: number, body: string): Answer {
  return { status, body, contentType: "text/plain; charset=utf-8" };
}

/** An error of Cloudflare's API itself, before the request reaches Analytics Engine. */
function apiError(status: number, code: number, message: string): Answer {
  const body = JSON.stringify({
    success: false,
    errors: [{ code, message }],
    messages: [],
    result: null,
  });
  return { status, body, contentType: "application/json" };
}

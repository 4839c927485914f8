import { z } from "zod";
import type { ColumnUnit, NamedQuery } from "../../../catalogue/index.ts";
import { AnswerError, UsageError } from "../../errors.ts";
import { parseJson } from "../../parse-json.ts";
import { ask } from "../ask.ts";
import { readUrl } from "../options.ts";

const answerSchema = z.looseObject({
  meta: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  data: z.array(z.record(z.string(), z.unknown())),
});

/** A column of an answer. */
export interface AnswerColumn {
  readonly name: string;
  readonly numeric: boolean;
  /** Whether it is a DateTime of the store. */
  readonly dateTime: boolean;
  /** What its values are, where a query of the catalogue says so. */
  readonly unit?: ColumnUnit;
}

export type Cell = string | number | null;

/** Rows as the API gave them, with numbers as numbers: it writes 64-bit integers as texts. */
export interface SqlAnswer {
  readonly columns: readonly AnswerColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

const cloudflareHost = "api.cloudflare.com";

/** Asks the SQL API one statement; gives the text of its answer. Throws AnswerError. */
export async function askSql(sql: string, to: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { url, token } = endpointOf(readUrl(to), env);
  const response = await ask(url, {
    method: "POST",
    body: sql,
    headers: { authorization: `Bearer ${token}`, "content-type": "text/plain" },
  });
  const text = await response.text();
  if (!response.ok) {
    throw new AnswerError(`${response.status}: ${text.trim()}`, hintFor(response.status));
  }
  return text;
}

/** What a refusal does not say itself: of a statement, it does. */
function hintFor(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return "The token needs the permission Account Analytics: Read.";
    case 404:
      return `Look at --url: a deployed Worker answers no SQL; ask https://${cloudflareHost}.`;
    case 429:
      return "Ask again later, or for less.";
    default:
      return status >= 500 ? "Ask again; where it lasts, look at the server's log." : "";
  }
}

/** Reads an answer in FORMAT JSON; undefined where it is in another. */
export function readAnswer(text: string, query?: NamedQuery): SqlAnswer | undefined {
  const answer = answerSchema.safeParse(parseJson(text));
  if (!answer.success) return undefined;
  const { meta, data } = answer.data;
  const units = new Map(query?.columns.map(({ name, unit }) => [name, unit]));
  const columns = meta.map(({ name, type }): AnswerColumn => {
    const unit = units.get(name);
    const numeric = /^(?:Nullable\()?(?:U?Int|Float|Decimal)/.test(type);
    const dateTime = /^(?:Nullable\()?DateTime/.test(type);
    return { name, numeric, dateTime, ...(unit !== undefined && { unit }) };
  });
  const rows = data.map((row) => columns.map(({ name, numeric }) => cellOf(row[name], numeric)));
  return { columns, rows };
}

function cellOf(value: unknown, numeric: boolean): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  // An integer beyond what a double holds stays the text that it came as.
  return numeric && String(Number(text)) === text ? Number(text) : text;
}

function endpointOf(url: URL, env: NodeJS.ProcessEnv): { url: URL; token: string } {
  if (url.hostname !== cloudflareHost) {
    // A local server takes any token; the real one is for Cloudflare alone.
    return { url: new URL("/client/v4/accounts/local/analytics_engine/sql", url), token: "local" };
  }
  const token = env["CLOUDFLARE_API_TOKEN"];
  const account = env["CLOUDFLARE_ACCOUNT_ID"];
  if (token === undefined || token === "" || account === undefined || account === "") {
    throw new UsageError(
      `Asking ${cloudflareHost} needs CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID.`,
      "Set both; the token needs the permission Account Analytics: Read.",
    );
  }
  const path = `/client/v4/accounts/${encodeURIComponent(account)}/analytics_engine/sql`;
  return { url: new URL(path, url), token };
}

import Table from "cli-table3";
import { z } from "zod";
import { AnswerError, UsageError } from "../errors.ts";
import { ask } from "./ask.ts";
import { readUrl } from "./options.ts";
import { printable } from "./printable.ts";

const answerSchema = z.looseObject({
  meta: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  data: z.array(z.record(z.string(), z.unknown())),
});
type SqlAnswer = z.infer<typeof answerSchema>;

const cloudflareHost = "api.cloudflare.com";

/** Asks the SQL API and prints the answer: as a table, or with --json as the API gave it. */
export async function runSql(
  sql: string,
  options: { url: string; json?: boolean },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { url, token } = endpointOf(readUrl(options.url), env);
  const response = await ask(url, {
    method: "POST",
    body: sql,
    headers: { authorization: `Bearer ${token}`, "content-type": "text/plain" },
  });
  const text = await response.text();
  if (!response.ok) throw new AnswerError(`${response.status}: ${text.trim()}`, "");
  const answer = answerSchema.safeParse(parseJson(text));
  // Another FORMAT than JSON is wanted as it is.
  if (options.json === true || !answer.success) process.stdout.write(`${text.trimEnd()}\n`);
  else process.stdout.write(`${tableOf(answer.data)}\n`);
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

function tableOf({ meta, data }: SqlAnswer): string {
  const numeric = meta.map(({ type }) => /^(?:Nullable\()?(?:U?Int|Float|Decimal)/.test(type));
  const table = new Table({
    head: meta.map(({ name }) => printable(name)),
    colAligns: numeric.map((is) => (is ? "right" : "left")),
    style: { head: [], border: [] },
  });
  for (const row of data) table.push(meta.map(({ name }) => cell(row[name])));
  return `${table.toString()}\n${data.length} ${data.length === 1 ? "row" : "rows"}`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  return printable(typeof value === "string" ? value : JSON.stringify(value));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

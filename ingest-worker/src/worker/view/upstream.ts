import { z } from "zod";
import { maxViewAnswerChars, viewTimeoutMs } from "../limits.ts";
import type { RefusalOf } from "../refusal.ts";

/** What answers SQL: Cloudflare's API, or the local store. */
export interface Upstream {
  /** Answers one statement with the JSON text of its rows, or says why not. Never throws for what a server answers. */
  ask(sql: string): Promise<UpstreamAnswer>;
}

export type UpstreamAnswer = { readonly kind: "rows"; readonly json: string } | UpstreamRefusal;

type UpstreamRefusal = RefusalOf<
  | "analytics-limit"
  | "analytics-token-refused"
  | "analytics-query-refused"
  | "analytics-unavailable"
>;

/** `fetch`, as far as it is used here. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The account whose dataset is read, and the token that may. */
export interface CloudflareAccount {
  /** Scheme and host of the API. */
  readonly origin: string;
  readonly accountId: string;
  readonly apiToken: string;
}

/** Cloudflare's SQL API. The account's token goes to it alone, and into no answer and no log. */
export function cloudflareUpstream(
  { origin, accountId, apiToken }: CloudflareAccount,
  fetch: Fetch,
): Upstream {
  const url = `${origin}/client/v4/accounts/${encodeURIComponent(accountId)}/analytics_engine/sql`;
  return {
    async ask(sql) {
      let response: Response;
      let text: string | undefined;
      try {
        response = await fetch(url, {
          method: "POST",
          body: sql,
          headers: { authorization: `Bearer ${apiToken}`, "content-type": "text/plain" },
          // Somewhere else must never see the token.
          redirect: "manual",
          signal: AbortSignal.timeout(viewTimeoutMs),
        });
        text = await readText(response);
      } catch (error) {
        const timedOut = error instanceof Error && error.name === "TimeoutError";
        return unavailable(timedOut ? "Cloudflare's SQL API did not answer in time" : notReached);
      }
      if (response.status !== 200) {
        return refusalOf(response, (text ?? "").replaceAll(apiToken, "…"));
      }
      if (text === undefined) return unavailable("Cloudflare's SQL API sent more than is taken");
      return isAnswer(text)
        ? { kind: "rows", json: text }
        : unavailable("Cloudflare's SQL API sent something that is no answer");
    },
  };
}

const notReached = "Cloudflare's SQL API could not be reached";

function refusalOf({ status, headers }: Response, text: string): UpstreamRefusal {
  switch (status) {
    case 400:
    case 401:
    case 403:
      // A bad token ends at the gateway, which says 400 or 401; one without the permission gets 403.
      return { kind: "analytics-token-refused", status };
    case 429: {
      const seconds = Number(headers.get("retry-after") ?? "");
      return {
        kind: "analytics-limit",
        reason: wordsOf(text, "Resource limit: "),
        retryAfterSeconds: seconds > 0 && seconds <= 3600 ? Math.ceil(seconds) : undefined,
      };
    }
    case 422:
      return { kind: "analytics-query-refused", reason: wordsOf(text, "Input was invalid: ") };
    default:
      return unavailable(`Cloudflare's SQL API answered ${status}`);
  }
}

function unavailable(reason: string): RefusalOf<"analytics-unavailable"> {
  return { kind: "analytics-unavailable", reason };
}

/** What the API says in words of its own, where it begins as those do: a gateway's page says nothing here. */
function wordsOf(text: string, begin: string): string {
  const said = text.trim();
  return said.startsWith(begin) ? said.slice(begin.length, begin.length + 300) : "";
}

/** The body, or nothing where it is longer than is held in memory. */
async function readText(response: Response): Promise<string | undefined> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxViewAnswerChars) return undefined;
  }
  return text + decoder.decode();
}

const answerSchema = z.object({ meta: z.array(z.unknown()), data: z.array(z.unknown()) });

function isAnswer(text: string): boolean {
  try {
    return answerSchema.safeParse(JSON.parse(text)).success;
  } catch {
    // No JSON: the caller says that it is no answer.
    return false;
  }
}

import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { Answers } from "../worker/view/answers.ts";
import { noBudget } from "../worker/view/call-budget.ts";
import type { Upstream, UpstreamAnswer } from "../worker/view/upstream.ts";
import { createView } from "../worker/view/view.ts";
import { pageFiles } from "./package-files.ts";
import { answerStatement, type Answer, type SqlContext } from "./sql-api.ts";

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** How often the local page asks where nothing else is said, ms: the store is near, and a point can be read at once. */
const usualRefreshMs = 5000;

/** How long an answer is given again, ms: long enough for two windows that ask at once. */
const keepMs = 500;

/** What a request to the site is. */
export interface SiteRequest {
  readonly method: string;
  readonly url: URL;
}

/**
 * Serves the page and its queries as the deployed Worker does, by the same code, with the local
 * store in Cloudflare's place. It listens on this machine alone, so that nobody has to sign in.
 */
export function makeSite(
  context: SqlContext & { readonly now: () => number; readonly refreshMs?: number | undefined },
): (request: SiteRequest) => Promise<Answer> {
  const files = readPageFiles();
  const view = createView({
    now: context.now,
    viewerOf: () => Promise.resolve({ kind: "viewer", viewer: { org: "*" } }),
    signIn: false,
    page: ({ url }) => Promise.resolve(fileResponse(files.get(new URL(url).pathname))),
    answers: new Answers({
      upstream: storeUpstream(context),
      budget: noBudget,
      now: context.now,
      keepMs,
    }),
    refreshMs: context.refreshMs ?? usualRefreshMs,
  });
  return async ({ method, url }) => {
    const response = await view.fetch(new Request(url, { method }));
    const { "content-type": contentType = "text/plain", ...headers } = Object.fromEntries(
      response.headers,
    );
    return { status: response.status, body: await response.text(), contentType, headers };
  };
}

/** The local store, with the refusals that Cloudflare's API would give. */
function storeUpstream(context: SqlContext): Upstream {
  return {
    async ask(sql) {
      const { status, body } = await answerStatement(sql, context);
      return upstreamAnswer(status, body);
    },
  };
}

function upstreamAnswer(status: number, body: string): UpstreamAnswer {
  switch (status) {
    case 200:
      return { kind: "rows", json: body };
    case 429:
      return { kind: "analytics-limit", reason: body, retryAfterSeconds: 1 };
    case 422:
      return { kind: "analytics-query-refused", reason: body };
    default:
      return { kind: "analytics-unavailable", reason: "The local store failed; its log says why" };
  }
}

interface PageFile {
  readonly text: string;
  readonly contentType: string;
}

/** Every file of the page by its path, read once: a path from outside never reaches the disk. */
function readPageFiles(): ReadonlyMap<string, PageFile> {
  return new Map(
    [...pageFiles()].map(([path, file]) => [
      path,
      {
        text: readFileSync(file, "utf8"),
        contentType: contentTypes[extname(file)] ?? "application/octet-stream",
      },
    ]),
  );
}

function fileResponse(file: PageFile | undefined): Response {
  if (file === undefined) return new Response(null, { status: 404 });
  return new Response(file.text, { headers: { "content-type": file.contentType } });
}

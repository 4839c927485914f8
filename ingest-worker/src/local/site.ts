import { readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { catalogue, fillQuery } from "../catalogue/index.ts";
import { resolveInstalled, webFolder } from "./package-files.ts";
import { answerStatement, type Answer, type SqlContext, type SqlRequest } from "./sql-api.ts";

/** Nothing but this server's own files: a value that breaks out of its text finds nothing to run. */
const securityHeaders = {
  "content-security-policy":
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

const queryPath = /^\/api\/queries\/([\w-]+)$/;

/** Serves the page, and the named queries that it asks: a page has no way to ask anything else. */
export function makeSite(context: SqlContext): (request: SqlRequest) => Promise<Answer> {
  const files = readPageFiles();

  return async ({ method, url }) => {
    if (method !== "GET" && method !== "HEAD") {
      return problem(405, "This address takes GET.", { allow: "GET, HEAD" });
    }
    const file = files.get(url.pathname);
    if (file !== undefined) return file;
    const query = catalogue.get(queryPath.exec(url.pathname)?.[1] ?? "");
    if (query === undefined) return problem(404, "Nothing is here.");
    const filled = fillQuery(query, url.searchParams, { nowMs: Date.now() });
    if (filled.kind === "invalid") return problem(400, `${filled.reason}.`);
    const answer = await answerStatement(filled.sql, context);
    if (answer.status !== 200) return problem(answer.status, answer.body);
    return { ...answer, headers: securityHeaders };
  };
}

/** Every file of the page by its path, read once: a path from outside never reaches the disk. */
function readPageFiles(): ReadonlyMap<string, Answer> {
  const files = new Map<string, Answer>();
  for (const name of readdirSync(webFolder)) {
    const path = { "index.html": "/", "favicon.svg": "/favicon.svg" }[name] ?? `/assets/${name}`;
    files.set(path, fileAnswer(join(webFolder, name)));
  }
  const charts = dirname(resolveInstalled("uplot"));
  for (const name of ["uPlot.esm.js", "uPlot.min.css"]) {
    files.set(`/vendor/${name}`, fileAnswer(join(charts, name)));
  }
  return files;
}

function fileAnswer(path: string): Answer {
  return {
    status: 200,
    body: readFileSync(path, "utf8"),
    contentType: contentTypes[extname(path)] ?? "application/octet-stream",
    headers: securityHeaders,
  };
}

function problem(status: number, detail: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    body: JSON.stringify({ status, detail }),
    contentType: "application/problem+json",
    headers: { ...securityHeaders, ...headers },
  };
}

import { Hono } from "hono";
import type { Context } from "hono";
import { catalogue, describeQuery, fillQuery } from "../../catalogue/index.ts";
import type { Viewer } from "../auth.ts";
import { problemResponse } from "../problem.ts";
import type { Refusal, RefusalOf } from "../refusal.ts";
import type { Answers } from "./answers.ts";
import { secured } from "./security-headers.ts";

/** What the dashboard's routes take from outside: a Worker's, or the local server's. */
export interface ViewWorld {
  readonly now: () => number;
  /** Who asks, by the Authorization header, or why nobody is let in. */
  readonly viewerOf: (
    authorization: string | undefined,
  ) => Promise<{ readonly kind: "viewer"; readonly viewer: Viewer } | Refusal>;
  /** Whether a token is needed; the page asks for one then. */
  readonly signIn: boolean;
  /** The page's files; 404 where there is none. Absent where they are not deployed. */
  readonly page: ((request: Request) => Promise<Response>) | undefined;
  readonly answers: Answers | RefusalOf<"dashboard-not-configured">;
  /** How often the page asks, ms. */
  readonly refreshMs: number;
}

/** Paths of the page and of its queries; everything else is the Worker's other routes'. */
export function isViewPath(pathname: string): boolean {
  return /^\/(?:$|index\.html$|favicon\.svg$|assets\/|vendor\/|api\/)/.test(pathname);
}

/**
 * The dashboard: the page's files, which hold nothing of anyone, and the catalogue's queries, which
 * want a viewer. There is no way to ask anything that is no query of the catalogue.
 */
export function createView(world: ViewWorld): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.res = secured(c.res);
  });
  app.get("/api/view", (c) => asViewer(c, world, ({ org }) => Promise.resolve(viewOf(world, org))));
  app.get("/api/queries", (c) =>
    asViewer(c, world, () => Promise.resolve(ok([...catalogue.values()].map(describeQuery)))),
  );
  app.get("/api/queries/:name", (c) => asViewer(c, world, (viewer) => runQuery(c, world, viewer)));
  app.get("/api/*", () => problemResponse({ kind: "not-found" }));
  app.get("*", async (c) => {
    const file = await world.page?.(c.req.raw);
    return file === undefined || file.status === 404
      ? problemResponse({ kind: "not-found" })
      : file;
  });
  app.all("*", () => problemResponse({ kind: "method-not-allowed", allow: "GET, HEAD" }));
  app.onError((error) => {
    throw error;
  });
  return app;
}

async function asViewer(
  c: Context,
  world: ViewWorld,
  answer: (viewer: Viewer) => Promise<Response>,
): Promise<Response> {
  const token = await world.viewerOf(c.req.header("authorization"));
  return token.kind === "viewer" ? answer(token.viewer) : problemResponse(token);
}

/** What the page has to know before it asks anything. */
function viewOf({ answers, refreshMs, signIn }: ViewWorld, org: string): Response {
  return "kind" in answers ? problemResponse(answers) : ok({ org, refreshMs, signIn });
}

async function runQuery(c: Context, world: ViewWorld, { org }: Viewer): Promise<Response> {
  const { answers, now, refreshMs } = world;
  if ("kind" in answers) return problemResponse(answers);
  const query = catalogue.get(c.req.param("name") ?? "");
  if (query === undefined) return problemResponse({ kind: "not-found" });
  // The end of the current interval: what is asked within it is one statement, and what has just
  // arrived lies in it.
  const nowMs = Math.ceil(now() / refreshMs) * refreshMs;
  const values = new URL(c.req.url).searchParams;
  const filled = fillQuery(query, values, { nowMs, ...(org === "*" ? {} : { viewerOrg: org }) });
  if (filled.kind === "invalid")
    return problemResponse({ kind: "bad-parameter", reason: filled.reason });
  const answer = await answers.ask(filled.sql);
  if (answer.kind !== "rows") return problemResponse(answer);
  const ageSeconds = Math.max(0, Math.floor((now() - answer.askedAt) / 1000));
  return new Response(answer.json, {
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      age: String(ageSeconds),
    },
  });
}

function ok(body: object): Response {
  return Response.json(body, { headers: { "cache-control": "no-store" } });
}

import { Hono } from "hono";
import type { Context } from "hono";
import { authenticateMachine, authenticateViewer } from "./auth.ts";
import type { MachineIdentity, TokenRules } from "./auth.ts";
import { discardBody, readBody } from "./body.ts";
import type { After } from "./byte-reader.ts";
import { directoryStub, machineStub } from "./env.ts";
import type { Env } from "./env.ts";
import { logFailure, logRequest } from "./log.ts";
import { parseLineMark } from "./machine/line-mark.ts";
import type { MachineView } from "./machine/machine.ts";
import { problemResponse } from "./problem.ts";
import type { Refusal } from "./refusal.ts";
import { readSettings, SettingsError } from "./settings.ts";
import type { Fetch } from "./view/upstream.ts";
import { isViewPath } from "./view/view.ts";
import { workerView } from "./view/worker-view.ts";

type Ctx = Context<{ Bindings: Env }>;

/** What the app takes from outside: the platform's, or a simulation's. */
export interface AppWorld {
  /** The Worker's clock, ms since the epoch. */
  readonly now: () => number;
  /** Whether this request is one of those that are logged though nothing is wrong with them. */
  readonly picksForLog: () => boolean;
  readonly after: After;
  /** The way to Cloudflare's SQL API, which the dashboard reads. */
  readonly fetch: Fetch;
}

/** The routes. A token is looked at before anything that costs more than a token. */
export function createApp({ now, picksForLog, after, fetch }: AppWorld): Hono<{ Bindings: Env }> {
  const app = new Hono<{ Bindings: Env }>();
  app.use(async (c, next) => {
    await next();
    const { status } = c.res;
    if (status >= 400) await discardBody(c.req.raw, after);
    const about = { method: c.req.method, path: c.req.path, status };
    if (status >= 500) logFailure("request", { ...about, ...(await failureOf(c)) });
    else if (picksForLog()) logRequest(about);
  });
  app.post("/v1/journals/:journal/events", (c) =>
    asMachine(c, now(), (ctx, asked) => postEvents(ctx, asked, after)),
  );
  app.all("/v1/journals/:journal/events", () => methodNotAllowed("POST"));
  app.get("/v1/journals/:journal", (c) => asMachine(c, now(), getPosition));
  app.all("/v1/journals/:journal", () => methodNotAllowed("GET, HEAD"));
  app.get("/v1/machines/:machine", (c) => getMachine(c, now()));
  app.all("/v1/machines/:machine", () => methodNotAllowed("GET, HEAD"));
  app.get("/health", () => Response.json({ status: "ok" }));
  app.all("/health", () => methodNotAllowed("GET, HEAD"));
  app.all("*", (c, next) =>
    isViewPath(c.req.path) ? workerView(c.env, now, fetch).fetch(c.req.raw) : next(),
  );
  app.notFound(() => problemResponse({ kind: "not-found" }));
  app.onError((error) => problemResponse({ kind: kindOf(error) }));
  return app;
}

/** What a log needs of an answer that is the server's fault. */
async function failureOf(c: Ctx): Promise<object> {
  const { type } = (await c.res.clone().json()) as { readonly type?: unknown };
  return { type, ...(c.error === undefined ? {} : { error: String(c.error) }) };
}

function kindOf(error: Error): "misconfigured" | "unavailable" | "internal" {
  if (error instanceof SettingsError) return "misconfigured";
  return isPlatforms(error) ? "unavailable" : "internal";
}

/** Whether an object could not be reached or ended before it answered; anything else is a fault of ours. */
function isPlatforms(error: Error): boolean {
  return "remote" in error || "retryable" in error || "overloaded" in error;
}

/** Who asks, and for which of its journals. */
interface MachineRequest {
  readonly identity: MachineIdentity;
  readonly journal: string;
  readonly receivedAt: number;
}

async function asMachine(
  c: Ctx,
  receivedAt: number,
  handle: (c: Ctx, request: MachineRequest) => Promise<Response>,
): Promise<Response> {
  const token = await authenticateMachine(
    c.req.header("authorization"),
    tokenRules(c.env, receivedAt),
  );
  if (token.kind !== "machine") return problemResponse(token);
  const { identity } = token;
  const key = JSON.stringify([identity.org, identity.machine]);
  const limited = await c.env.MACHINE_RATE_LIMIT?.limit({ key });
  if (limited?.success === false) return problemResponse({ kind: "rate-limited" });
  const journal = parseJournalId(c.req.param("journal") ?? "");
  if (journal === undefined) return problemResponse({ kind: "not-found" });
  return handle(c, { identity, journal, receivedAt });
}

async function postEvents(
  c: Ctx,
  { identity, journal, receivedAt }: MachineRequest,
  after: After,
): Promise<Response> {
  const settings = readSettings(c.env);
  const header = c.req.header("previous-line");
  const previousLine = header === undefined ? undefined : parseLineMark(header);
  if (header !== undefined && previousLine === undefined) {
    return problemResponse({ kind: "bad-previous-line" });
  }
  const read = await readBody(c.req.raw, settings, after);
  if (read.kind !== "body") return problemResponse(read);
  const outcome = await machineStub(c.env, identity.org, identity.machine).append({
    identity,
    journal,
    previousLine,
    body: read.bytes,
    receivedAt,
  });
  if (outcome.kind !== "folded") return problemResponse(outcome);
  const { kind: _, ...counts } = outcome;
  const pace = settings.paceEventsPerSecond;
  return Response.json(pace === undefined ? counts : { ...counts, pace });
}

async function getPosition(c: Ctx, { identity, journal }: MachineRequest): Promise<Response> {
  const answer = await machineStub(c.env, identity.org, identity.machine).position(journal);
  if (answer.kind !== "position") return problemResponse(answer);
  const { kind: _, ...position } = answer;
  return Response.json(position);
}

async function getMachine(c: Ctx, now: number): Promise<Response> {
  const token = await authenticateViewer(c.req.header("authorization"), tokenRules(c.env, now));
  if (token.kind !== "viewer") return problemResponse(token);
  const machine = c.req.param("machine") ?? "";
  const { org } = token.viewer;
  const orgs = org === "*" ? await directoryStub(c.env, machine).orgs(machine) : [org];
  for (const candidate of orgs) {
    const view: MachineView | Refusal = await machineStub(c.env, candidate, machine).view();
    if (view.kind === "not-found") continue;
    if (view.kind !== "machine") return problemResponse(view);
    const { kind: _, ...shown } = view;
    return Response.json(shown);
  }
  return problemResponse({ kind: "not-found" });
}

function tokenRules(env: Env, now: number): TokenRules {
  return { keys: env.INGEST_KEYS, revokedMachines: env.REVOKED_MACHINES, now };
}

function methodNotAllowed(allow: string): Response {
  return problemResponse({ kind: "method-not-allowed", allow });
}

/** Eight, four, four, four and twelve hex digits, whatever their version says. */
function parseJournalId(text: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined;
}

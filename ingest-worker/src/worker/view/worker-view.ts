import type { Hono } from "hono";
import { authenticateViewer } from "../auth.ts";
import type { Env } from "../env.ts";
import { maxViewCalls, rateLimitedSeconds, viewCallsWindowMs } from "../limits.ts";
import { Answers } from "./answers.ts";
import { rollingBudget } from "./call-budget.ts";
import { cloudflareUpstream } from "./upstream.ts";
import type { Fetch } from "./upstream.ts";
import { readViewSettings } from "./view-settings.ts";
import { createView } from "./view.ts";

/** Views by their environment, which stays the same object while an isolate lives. */
const views = new WeakMap<Env, Hono>();

/** The dashboard of a deployed Worker. @throws SettingsError for a variable that cannot be used */
export function workerView(env: Env, now: () => number, fetch: Fetch): Hono {
  const known = views.get(env) ?? makeView(env, now, fetch);
  views.set(env, known);
  return known;
}

function makeView(env: Env, now: () => number, fetch: Fetch): Hono {
  const { refreshMs, account } = readViewSettings(env);
  const budget = rollingBudget({
    calls: maxViewCalls,
    windowMs: viewCallsWindowMs,
    shared: env.QUERY_RATE_LIMIT,
    sharedWaitSeconds: rateLimitedSeconds,
  });
  const { ASSETS: assets } = env;
  return createView({
    now,
    signIn: true,
    refreshMs,
    viewerOf: (authorization) =>
      authenticateViewer(authorization, {
        keys: env.INGEST_KEYS,
        revokedMachines: env.REVOKED_MACHINES,
        now: now(),
      }),
    page: assets === undefined ? undefined : (request) => assets.fetch(request),
    answers:
      "kind" in account
        ? account
        : new Answers({
            upstream: cloudflareUpstream(account, fetch),
            budget,
            now,
            keepMs: refreshMs,
          }),
  });
}

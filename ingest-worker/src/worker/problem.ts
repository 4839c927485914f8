import { rateLimitedSeconds, retryAfterSeconds, viewPauseMs } from "./limits.ts";
import type { Refusal, RefusalOf } from "./refusal.ts";

/** What a refusal is on the wire. */
interface Problem {
  readonly status: number;
  readonly title: string;
  /** What is wrong here and what to do about it. */
  readonly detail: string;
  /** Members beside those of RFC 9457. */
  readonly more?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal as RFC 9457 says it; `type` is the refusal's name and does not change. */
export function problemResponse(refusal: Refusal): Response {
  const { status, title, detail, more, headers } = problemOf(refusal);
  return new Response(JSON.stringify({ type: refusal.kind, title, status, detail, ...more }), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...headers,
    },
  });
}

/** How long a client waits where Cloudflare did not say, s. */
const limitedSeconds = viewPauseMs / 1000;

/** The one place where a domain outcome becomes HTTP: a refusal without an entry does not compile. */
const problems: { readonly [Kind in Refusal["kind"]]: (refusal: RefusalOf<Kind>) => Problem } = {
  "not-found": () =>
    problem(404, "Not found", "Nothing is here, or nothing that this token may see."),
  "method-not-allowed": ({ allow }) => ({
    ...problem(405, "Method not allowed", `This address takes ${allow}.`),
    headers: { allow },
  }),
  "no-token": () => unauthorized("No token", "Send `Authorization: Bearer <token>`.", ""),
  "bad-token": ({ reason }) => unauthorized("Bad token", reason, ' error="invalid_token"'),
  "expired-token": () =>
    unauthorized("Token expired", "Fetch a new token.", ' error="invalid_token"'),
  "revoked-token": () =>
    unauthorized(
      "Token revoked",
      "This machine's tokens are revoked: whoever runs the Worker has it on REVOKED_MACHINES.",
      ' error="invalid_token"',
    ),
  "wrong-audience": ({ needed }) =>
    problem(403, "Token of another kind", `This address takes a token for "${needed}".`),
  "rate-limited": () => later(429, "Too many requests", "Slow down.", rateLimitedSeconds),
  "unsupported-content-type": () =>
    problem(415, "Unsupported content type", "Send `Content-Type: application/x-ndjson`."),
  "unsupported-content-encoding": () => ({
    ...problem(415, "Unsupported encoding", "Send `Content-Encoding: gzip`, or none."),
    headers: { "accept-encoding": "gzip, identity" },
  }),
  "too-large": ({ maxEvents, maxBytes }) => ({
    ...problem(
      413,
      "Batch too large",
      `A batch has at most ${maxEvents} events and ${maxBytes} bytes after decompression.`,
    ),
    more: { maxEvents, maxBytes },
  }),
  "not-gzip": () =>
    problem(
      400,
      "Not gzip",
      "The body is said to be gzip, and is not or is cut short. Send it whole, or without Content-Encoding.",
    ),
  "incomplete-body": () =>
    problem(408, "Incomplete body", "The body broke off. Nothing was stored; send it again."),
  "not-ndjson": ({ line, reason }) => ({
    ...problem(
      400,
      "Not NDJSON",
      `Line ${line} ${reason}. Declare with events.lost what cannot be mended.`,
    ),
    more: { line },
  }),
  "bad-previous-line": () =>
    problem(
      400,
      "Bad Previous-Line",
      "Send `Previous-Line: {seq}:{first 32 hex digits of the line's SHA-256}`, or none.",
    ),
  gap: ({ expected }) => ({
    ...problem(
      409,
      "Positions are missing",
      `Go on from ${expected}; declare with events.lost what is no longer there.`,
    ),
    more: { expected },
  }),
  fork: () =>
    problem(
      409,
      "Another history",
      "Another history is stored under this journal's id. Go on under an id of its own.",
    ),
  "not-gapless": ({ rejected }) => unprocessable("Positions do not follow each other", rejected),
  "invalid-events": ({ rejected }) => unprocessable("Events are invalid", rejected),
  "too-many-journals": () =>
    later(
      429,
      "Too many journals",
      "This machine has sent too many journals. Keep its journal across starts, or give it a new name.",
      3600,
    ),
  "points-owed": () =>
    later(
      503,
      "Behind",
      "Earlier points are still on their way. Send it again later.",
      retryAfterSeconds,
    ),
  "newer-state": () =>
    later(
      503,
      "Newer state",
      "A newer version wrote this journal's state; this one leaves it alone. Send it again later.",
      retryAfterSeconds,
    ),
  unavailable: () =>
    later(503, "Unavailable", "Nothing was stored. Send it again.", retryAfterSeconds),
  misconfigured: () =>
    later(
      503,
      "Misconfigured",
      "The server's configuration is not usable; its log says what to mend.",
      60,
    ),
  "dashboard-not-configured": ({ missing }) => ({
    ...later(
      503,
      "Dashboard not configured",
      `This Worker has no way to read its dataset: set ${missing.join(" and ")}.`,
      60,
    ),
    more: { missing },
  }),
  "bad-parameter": ({ reason }) => problem(400, "Bad parameter", `${reason}.`),
  "query-budget": ({ retryAfterSeconds: seconds }) =>
    later(
      429,
      "Too many queries",
      "The dashboard has asked Cloudflare as often as it may for now.",
      seconds,
    ),
  "analytics-limit": ({ reason, retryAfterSeconds: seconds = limitedSeconds }) =>
    later(
      429,
      "Too much for Analytics Engine",
      reason === "" ? "Cloudflare takes no more queries for now." : reason,
      seconds,
    ),
  "analytics-query-refused": ({ reason }) =>
    problem(
      502,
      "Query refused",
      `Analytics Engine refused the query${reason === "" ? "" : `: ${reason}`}. Before the first point there is no dataset to ask.`,
    ),
  "analytics-token-refused": ({ status }) =>
    later(
      503,
      "Dashboard's token refused",
      `Cloudflare answered ${status}: ANALYTICS_API_TOKEN has to allow "Account Analytics: Read" on CLOUDFLARE_ACCOUNT_ID.`,
      60,
    ),
  "analytics-unavailable": ({ reason }) =>
    later(503, "Analytics Engine unavailable", `${reason}.`, retryAfterSeconds),
  internal: () =>
    problem(500, "Internal error", "A fault of the server, which is logged there. Report it."),
};

function problemOf<Kind extends Refusal["kind"]>(refusal: RefusalOf<Kind>): Problem {
  const kind: Kind = refusal.kind;
  return problems[kind](refusal);
}

function problem(status: number, title: string, detail: string): Problem {
  return { status, title, detail };
}

function unauthorized(title: string, detail: string, challenge: string): Problem {
  return {
    ...problem(401, title, detail),
    headers: { "www-authenticate": `Bearer${challenge}` },
  };
}

function later(status: number, title: string, detail: string, seconds: number): Problem {
  return { ...problem(status, title, detail), headers: { "retry-after": String(seconds) } };
}

function unprocessable(title: string, rejected: readonly object[]): Problem {
  const detail = "Nothing of the batch was folded. Declare what cannot be mended with events.lost.";
  return { ...problem(422, title, detail), more: { rejected } };
}

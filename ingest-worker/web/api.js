import { readToken } from "./session.js";

/** Requests under way at once: a browser has six connections, and the server a budget. */
const maxAtOnce = 4;

/** What the server refused, in words that can be shown; `slug` is the refusal's stable name. */
class Refused extends Error {
  constructor({ status, type = "", detail, missing, retryAfterSeconds }) {
    super(detail ?? `The server answered ${status}.`);
    this.status = status;
    this.slug = type;
    this.missing = missing;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Gets JSON of the server. Throws Refused, or what `fetch` throws where it was aborted. */
export async function getJson(path, signal) {
  const token = readToken();
  let response;
  try {
    response = await fetch(path, {
      signal,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused({ status: 0, detail: "The server does not answer. Is it still running?" });
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return { answer, ageSeconds: Number(response.headers.get("age") ?? 0) };
  throw new Refused({
    ...answer,
    status: response.status,
    retryAfterSeconds: Number(response.headers.get("retry-after") ?? 0),
  });
}

/** Tasks that run a few at a time, in the order in which they came. */
function makeQueue() {
  const waiting = [];
  let running = 0;
  const next = () => {
    if (running >= maxAtOnce) return;
    const start = waiting.shift();
    if (start === undefined) return;
    running += 1;
    start();
  };
  return async (work) => {
    await new Promise((resolve) => {
      waiting.push(resolve);
      next();
    });
    try {
      return await work();
    } finally {
      running -= 1;
      next();
    }
  };
}

/**
 * What one refresh asks with: the same question is asked once, however many panels want it, and all
 * of it ends with `signal`. `queries` is the server's list, by name; of `values` only what a query
 * takes is sent.
 */
export function makeAsker(queries, signal) {
  const inTurn = makeQueue();
  const asked = new Map();
  return function ask(name, values) {
    const query = queries.get(name);
    if (query === undefined) {
      return Promise.reject(new Refused({ status: 404, detail: `There is no query ${name}.` }));
    }
    const taken = query.parameters
      .filter((one) => values[one.name] !== undefined && values[one.name] !== "")
      .map((one) => [one.name, String(values[one.name])]);
    const path = `/api/queries/${name}?${new URLSearchParams(taken)}`;
    const known = asked.get(path);
    if (known !== undefined) return known;
    const answer = inTurn(() => getJson(path, signal)).then(
      ({ answer: json, ageSeconds }) => ({
        rows: rowsOf(json),
        ageSeconds,
        query,
        values: Object.fromEntries(taken),
      }),
      (error) => {
        error.asked = { query, values: Object.fromEntries(taken) };
        throw error;
      },
    );
    asked.set(path, answer);
    return answer;
  };
}

/** Rows with their numbers as numbers: the API writes 64-bit integers, and some say sums, as text. */
function rowsOf({ meta, data }) {
  const numeric = meta.filter(({ type }) => /Int|Float|Decimal/.test(type)).map(({ name }) => name);
  for (const row of data) {
    for (const column of numeric) {
      if (typeof row[column] === "string") row[column] = Number(row[column]);
    }
  }
  return data;
}

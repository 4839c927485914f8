import pRetry from "p-retry";
import { readPositionAnswer, readPostAnswer, type Answer, type RawAnswer } from "../core/answer.ts";
import type { Batch } from "../core/batch.ts";
import { retryDelayMs } from "../core/retry.ts";
import { codeOf } from "../disk/segments.ts";
import { AnotherMachineError, RequestError, TokenFileError } from "../errors.ts";
import { lineHash } from "../hash.ts";
import { maxDeadlineMs } from "../limits.ts";
import type { HttpRequest, HttpResponse, World } from "../world.ts";
import type { TokenFile } from "./token.ts";

export type Decided = Exclude<Answer, { kind: "failed" | "position" }>;
export type Position = Extract<Answer, { kind: "position" }>;

/** What retrying needs to know of the rest of the program. */
export interface RetryControl {
  /** Ends everything at once. */
  readonly signal: AbortSignal;
  /** Waits between attempts; comes back early where trying again at once makes sense. */
  wait(error: RequestError, delayMs: number): Promise<void>;
  /** Told of every failed attempt. Rejects where this failure is the end. */
  onFailure(error: RequestError, attempt: number, delayMs: number): Promise<void>;
}

export interface ExchangeOptions {
  readonly url: URL;
  readonly compress: "gzip" | "none";
  readonly deadlineMs: number;
}

/**
 * Talks to one server about one journal, and owns all retries: what it returns is an answer that
 * decides something. After an answer that was lost or garbled, the same batch goes out again.
 */
export class Exchange {
  readonly #world: World;
  readonly #options: ExchangeOptions;
  readonly #token: TokenFile;
  readonly #control: RetryControl;
  /** The machine that is spoken for. */
  readonly #sub: string | undefined;

  constructor(world: World, options: ExchangeOptions, token: TokenFile, control: RetryControl) {
    this.#world = world;
    this.#options = options;
    this.#token = token;
    this.#control = control;
    this.#sub = token.claims.sub;
  }

  /** `GET /v1/journals/{journal}`: where the server is. */
  async position(journal: string): Promise<Position> {
    const url = journalUrl(this.#options.url, journal);
    const answer = await this.#untilDecided(
      async () => ({ method: "GET", url, headers: {} }),
      readPositionAnswer,
    );
    return answer as Position;
  }

  /** `POST /v1/journals/{journal}/events`. */
  async post(journal: string, batch: Batch): Promise<Decided> {
    const url = journalUrl(this.#options.url, journal, "events");
    const gzipped = this.#options.compress === "gzip";
    const body = gzipped
      ? [await this.#world.gzip(Buffer.concat(batch.pieces))]
      : [...batch.pieces];
    const headers = {
      "content-type": "application/x-ndjson",
      ...(gzipped && { "content-encoding": "gzip" }),
      ...previousLine(batch),
    };
    const answer = await this.#untilDecided(
      async () => ({ method: "POST", url, headers, body }),
      readPostAnswer,
    );
    return answer as Decided;
  }

  #untilDecided(
    request: () => Promise<HttpRequest>,
    read: (raw: RawAnswer) => Answer,
  ): Promise<Answer> {
    const { signal } = this.#control;
    const attempt = async (number: number): Promise<Answer> => {
      await this.#token.refreshSometimes(this.#world.clock.mono(), number > 1);
      if (this.#token.claims.sub !== this.#sub) throw new AnotherMachineError();
      const wanted = await request();
      const authorized = { ...wanted, headers: { ...wanted.headers, ...this.#commonHeaders() } };
      const answer = read(this.#raw(await this.#withinDeadline(authorized, number)));
      if (answer.kind === "failed") throw answerError(wanted.url, answer);
      return answer;
    };
    return pRetry(attempt, {
      retries: Infinity,
      // The delay is this project's own: full jitter, `Retry-After`, a clock that tests can turn.
      minTimeout: 0,
      signal,
      onFailedAttempt: async ({ error, attemptNumber }) => {
        const failure = asRequestError(error);
        if (failure === undefined) throw error;
        const delayMs = retryDelayMs(failure, attemptNumber, this.#world.random());
        await this.#control.onFailure(failure, attemptNumber, delayMs);
        await this.#control.wait(failure, delayMs);
      },
    });
  }

  #commonHeaders(): Record<string, string> {
    return { authorization: `Bearer ${this.#token.token}`, "user-agent": "pidnap-shipper" };
  }

  async #withinDeadline(request: HttpRequest, attempt: number): Promise<HttpResponse> {
    const { deadlineMs } = this.#options;
    const limitMs = Math.min(Math.max(deadlineMs, maxDeadlineMs), deadlineMs * attempt);
    const { signal: ending } = this.#control;
    const attempting = new AbortController();
    const { signal } = attempting;
    const cancel = this.#world.clock.after(limitMs, () => {
      attempting.abort(deadlineError(request.url, limitMs));
    });
    const end = (): void => attempting.abort(ending.reason);
    ending.addEventListener("abort", end, { once: true });
    try {
      ending.throwIfAborted();
      // Whatever a request does with its signal, nothing waits for it beyond that.
      return await Promise.race([this.#world.request(request, signal), whenAborted(signal)]);
    } catch (error) {
      // Whoever aborted knows why, and says so as the signal's reason.
      throw signal.aborted ? signal.reason : networkError(request.url, error);
    } finally {
      cancel();
      ending.removeEventListener("abort", end);
    }
  }

  #raw(response: HttpResponse): RawAnswer {
    const { status, body, headers } = response;
    return { status, body, retryAfterMs: this.#retryAfterMs(headers["retry-after"]) };
  }

  #retryAfterMs(value: string | undefined): number | undefined {
    if (value === undefined) return undefined;
    if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
    const at = Date.parse(value);
    return Number.isNaN(at) ? undefined : Math.max(0, at - this.#world.clock.now());
  }
}

/** Rejects once `signal` is aborted. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** The routes stand below whatever path the URL has, so that a Worker may be mounted anywhere. */
function journalUrl(base: URL, journal: string, ...rest: string[]): URL {
  const url = new URL(base);
  const path = ["v1", "journals", journal, ...rest].join("/");
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}

function previousLine(batch: Batch): Record<string, string> {
  const { before, first } = batch;
  if (before === undefined || before.seq !== first - 1) return {};
  return { "previous-line": `${before.seq}:${lineHash(before.bytes)}` };
}

function deadlineError(url: URL, limitMs: number): RequestError {
  return new RequestError(`No answer from ${url.origin} within ${limitMs} ms.`, {
    slug: "deadline",
    healing: "soon",
    hint: "Check the network between here and the server; the request is made again.",
  });
}

/** No whole answer came. What has no code is no fault of a network, and stays what it is. */
function networkError(url: URL, cause: unknown): unknown {
  const slug = codeOf(cause);
  if (slug === undefined || !(cause instanceof Error)) return cause;
  return new RequestError(`No answer from ${url.origin}: ${cause.message || slug}.`, {
    slug,
    healing: "soon",
    hint: "Check that the URL is right and that the server is running and can be reached from here.",
    cause,
  });
}

function asRequestError(error: unknown): RequestError | undefined {
  if (error instanceof RequestError) return error;
  if (!(error instanceof TokenFileError)) return undefined;
  // It was there at the start: whoever replaces it may be between deleting and writing.
  const { message, hint, cause } = error;
  return new RequestError(message, { slug: "token-file", healing: "soon", hint, cause });
}

function answerError(url: URL, answer: Extract<Answer, { kind: "failed" }>): RequestError {
  const { status, slug, healing, retryAfterMs } = answer;
  return new RequestError(`${url.origin} answered ${status} (${slug}).`, {
    status,
    slug,
    healing,
    retryAfterMs,
    hint: hintFor(status, slug),
  });
}

function hintFor(status: number, slug: string): string {
  if (slug === "redirect")
    return "Give the URL that it redirects to: redirects are not followed, since a token goes along.";
  switch (status) {
    case 401:
      return "Put a valid token for this machine into the token file; it is read again by itself.";
    case 403:
      return "Put an ingest token into the token file: this one is of another kind.";
    case 404:
    case 405:
      return "Check the URL: there is no ingest Worker at this address.";
    case 415:
      return "The server does not take this compression or content: try --compress none, or upgrade the older side.";
    case 429:
      return "The server asks for fewer requests; it is asked again later.";
    case 200:
      return "The answer was not what an ingest Worker says: check what stands between here and the server.";
    default:
      return "The server or something before it has trouble; the request is made again.";
  }
}

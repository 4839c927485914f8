import { AnswerError } from "../errors.ts";

/** Long enough for the slowest query a server allows. */
const timeoutMs = 60_000;

/** `fetch`, with a failure to connect as one line that says what to do. */
export async function ask(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    throw new AnswerError(
      `${url.origin} did not answer.`,
      "Start the server with `pidnap-ingest dev` or `npm start`, or name another with --url.",
      error,
    );
  }
}

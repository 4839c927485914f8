import type * as nodeHttp from "node:http";
import { codeOf } from "../disk/segments.ts";
import { maxAnswerBytes } from "../limits.ts";
import type { HttpRequest, HttpResponse, Request } from "../world.ts";

type HttpModule = Pick<typeof nodeHttp, "request" | "Agent">;

/**
 * Requests over one kept-alive connection by `node:http`, or `node:https` where the URL says so.
 * Both are loaded when first used and not by `import`, which would touch every export of them:
 * that and the global `fetch` each cost 17 MB of memory.
 */
export function nodeRequest(): { readonly request: Request; close(): void } {
  let agent: nodeHttp.Agent | undefined;
  const request: Request = async (wanted, signal) => {
    const http: HttpModule = process.getBuiltinModule(
      wanted.url.protocol === "https:" ? "node:https" : "node:http",
    );
    agent ??= new http.Agent({ keepAlive: true, maxSockets: 1 });
    const answer = await exchangeOnce(http, agent, wanted, signal);
    if (answer !== "stale") return answer;
    const again = await exchangeOnce(http, agent, wanted, signal);
    if (again !== "stale") return again;
    throw fault("ECONNRESET", "two kept connections in a row were closed by the server");
  };
  return { request, close: () => agent?.destroy() };
}

/**
 * `stale` where the connection was a kept one and the server, or something between, had closed it meanwhile: that
 * says nothing about either, only about how long they keep what is idle. The same request on a
 * fresh connection is the answer to it, and safe: whoever takes it knows what came before.
 */
function exchangeOnce(
  http: HttpModule,
  agent: nodeHttp.Agent,
  wanted: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse | "stale"> {
  return new Promise((resolve, reject) => {
    const length = (wanted.body ?? []).reduce((sum, piece) => sum + piece.length, 0);
    const headers = { ...wanted.headers, ...(wanted.body && { "content-length": length }) };
    let isAnswered = false;
    const outgoing: nodeHttp.ClientRequest = http.request(
      wanted.url,
      { method: wanted.method, headers, agent, signal },
      (incoming) => {
        isAnswered = true;
        readAnswer(incoming, outgoing).then(resolve, reject);
      },
    );
    outgoing.on("error", (error) => {
      if (outgoing.reusedSocket && isClosedByPeer(error) && !signal.aborted) resolve("stale");
      else reject(error);
    });
    // Whoever switches to another protocol has neither answered nor failed; Node just closes then.
    outgoing.on("close", () => {
      if (!isAnswered) reject(fault("NO_ANSWER", "the connection closed without an answer"));
    });
    for (const piece of wanted.body ?? []) outgoing.write(piece);
    outgoing.end();
  });
}

function isClosedByPeer(error: Error): boolean {
  const code = codeOf(error);
  return code === "ECONNRESET" || code === "EPIPE";
}

async function readAnswer(
  incoming: nodeHttp.IncomingMessage,
  outgoing: nodeHttp.ClientRequest,
): Promise<HttpResponse> {
  const status = incoming.statusCode ?? 0;
  const body = await readBody(incoming);
  if (outgoing.writableFinished) return { status, headers: plain(incoming), body };
  // A refusal may come before the body has been read, and then it never will be: the one connection
  // there is would be busy with it for ever.
  if (status >= 300) outgoing.destroy();
  // A success lets the caller use the body's buffers again, so they have to be on their way.
  else {
    await new Promise<void>((resolve, reject) => {
      outgoing.once("finish", resolve);
      outgoing.once("close", () => reject(fault("ANSWER_EARLY", "an answer before the request")));
    });
  }
  return { status, headers: plain(incoming), body };
}

function readBody(incoming: nodeHttp.IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxAnswerBytes) chunks.push(chunk);
      else
        incoming.destroy(
          fault("ANSWER_TOO_LONG", `an answer of more than ${maxAnswerBytes} bytes`),
        );
    });
    incoming.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    incoming.on("error", reject);
    incoming.on("close", () =>
      reject(fault("ANSWER_CUT", "the connection closed within the answer")),
    );
  });
}

function plain(incoming: nodeHttp.IncomingMessage): Record<string, string | undefined> {
  const entries = Object.entries(incoming.headers);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}

function fault(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { admit, emptyJournal, type FakeJournal, type Reply } from "./fake-journal.ts";

/** What goes wrong with one request. */
export type Fault =
  /** The server does its part, and the answer never arrives. */
  | { readonly kind: "lose-answer" }
  /** The connection ends before the server has done anything. */
  | { readonly kind: "reset" }
  /** The connection stays open and nothing comes. */
  | { readonly kind: "stall" }
  /** Something between answers in the server's place. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The server does its part, and the body of its answer is replaced. */
  | { readonly kind: "garble"; readonly body: (true_: string) => string };

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  readonly atMs: number;
}

/** The wire's other end on a map, for tests: position, duplicates, gaps, forks, limits, tokens, and faults on order. */
export class FakeServer {
  readonly journals = new Map<string, FakeJournal>();
  readonly requests: Seen[] = [];
  /** Asked once a request, before the server acts. */
  fault: (seen: Seen) => Fault | undefined = () => undefined;
  token = "token-1";
  limits = { maxEvents: 250, maxBytes: 1024 * 1024 };
  pace: number | undefined;
  /** Reasons by position, for 422. */
  readonly rejects = new Map<number, string>();
  /** Called after each request that was answered or cut. */
  onRequest: (seen: Seen) => void = () => undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(): Promise<FakeServer> {
    const fake = new FakeServer();
    await fake.listen(0);
    return fake;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(port, "127.0.0.1", resolve);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get posts(): Seen[] {
    return this.requests.filter(({ method }) => method === "POST");
  }

  journal(id: string): FakeJournal {
    const journal = this.journals.get(id) ?? emptyJournal();
    this.journals.set(id, journal);
    return journal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    const raw = Buffer.concat(chunks);
    const body = headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw;
    const seen: Seen = { method, path: url, headers, body, atMs: performance.now() };
    this.requests.push(seen);
    const fault = this.fault(seen);
    this.#answer(fault, seen, response);
    this.onRequest(seen);
  }

  #answer(fault: Fault | undefined, seen: Seen, response: ServerResponse): void {
    switch (fault?.kind) {
      case "reset":
        response.socket?.resetAndDestroy();
        return;
      case "stall":
        return;
      case "answer":
        response.writeHead(fault.status, { ...fault.headers }).end(fault.body ?? "");
        return;
      case "lose-answer":
        this.#reply(seen);
        response.socket?.destroy();
        return;
      case "garble": {
        const reply = this.#reply(seen);
        send(response, reply, fault.body(JSON.stringify(reply.body)));
        return;
      }
      case undefined: {
        const reply = this.#reply(seen);
        send(response, reply, JSON.stringify(reply.body));
      }
    }
  }

  #reply(seen: Seen): Reply {
    const match = /^\/v1\/journals\/([0-9a-f-]{36})(\/events)?$/.exec(seen.path);
    const id = match?.[1];
    if (id === undefined) return { status: 404, body: { type: "not-found" } };
    if (seen.headers.authorization !== `Bearer ${this.token}`) {
      return { status: 401, body: { type: "unauthorized" } };
    }
    if (match?.[2] === undefined) return this.#position(id);
    if (seen.method !== "POST") return { status: 405, body: { type: "method-not-allowed" } };
    const { limits, rejects, pace } = this;
    const previous = seen.headers["previous-line"];
    const previousLine = typeof previous === "string" ? previous : undefined;
    const reply = admit(this.journal(id), seen.body, { limits, rejects, previousLine });
    return reply.status === 200 && pace !== undefined
      ? { status: 200, body: { ...reply.body, pace } }
      : reply;
  }

  #position(id: string): Reply {
    const { next, last, boot, lastEventAt } = this.journals.get(id) ?? emptyJournal();
    return { status: 200, body: { next, boot, lastEventAt, last } };
  }
}

/** The hash that stands for a line, worked out apart from the code under test. */
export function hashOf(line: string): string {
  return createHash("sha256").update(line).digest("hex").slice(0, 32);
}

function send(response: ServerResponse, reply: Reply, body: string): void {
  const type = reply.status === 200 ? "application/json" : "application/problem+json";
  response.writeHead(reply.status, { "content-type": type }).end(body);
}

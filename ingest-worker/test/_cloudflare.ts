import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stand-in answers: status 200 and rows, where nothing else is said. */
interface FakeAnswer {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the stand-in got. */
interface AskedOfCloudflare {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly sql: string;
}

/** Stands in for Cloudflare's API, on loopback. */
export interface FakeCloudflare extends AsyncDisposable {
  readonly url: string;
  /** What it was asked, in order. */
  readonly asked: AskedOfCloudflare[];
  /** What it answers from now on. */
  answer: (asked: AskedOfCloudflare) => FakeAnswer | Promise<FakeAnswer>;
}

const emptyAnswer = JSON.stringify({ meta: [], data: [], rows: 0 });

/** Starts it on a free port. */
export async function startFakeCloudflare(): Promise<FakeCloudflare> {
  const asked: AskedOfCloudflare[] = [];
  const fake = { answer: (): FakeAnswer => ({}) } as Pick<FakeCloudflare, "answer">;
  const server = createServer((request, response) => {
    void (async () => {
      let sql = "";
      for await (const chunk of request) sql += String(chunk);
      const one = {
        method: request.method ?? "",
        path: request.url ?? "",
        authorization: request.headers.authorization ?? "",
        sql,
      };
      asked.push(one);
      const { status = 200, body = emptyAnswer, headers = {} } = await fake.answer(one);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(body);
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

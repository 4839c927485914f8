import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openRawServer, type RawServer } from "./support/raw-server.ts";

const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}";

const open: RawServer[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A server that answers each connection's first request; what it does with the next is up to the test. */
async function serve(onNext: (socket: Socket, connection: number) => void) {
  const server = await openRawServer((socket, connection) => {
    let requests = 0;
    socket.on("data", (bytes) => {
      if (!bytes.toString("latin1").startsWith("POST ")) return;
      requests += 1;
      if (requests === 1) socket.write(answer);
      else onNext(socket, connection);
    });
  });
  open.push(server);
  const { ask, sockets } = server;
  return { ask, sockets, connections: () => sockets.length };
}

test.each<[string, (socket: Socket) => void]>([
  ["resets", (socket) => void socket.resetAndDestroy()],
  ["closes", (socket) => void socket.destroy()],
])(
  "a kept connection that the server %s is replaced by a fresh one, and nobody hears of it",
  async (_how, end) => {
    const { ask, connections } = await serve(end);
    for (const body of ["one", "two", "three"]) {
      expect(await ask(body)).toMatchObject({ status: 200, body: "{}" });
    }
    expect(connections()).toBe(3);
  },
);

test("connections that were closed while they were idle cost nothing either", async () => {
  const { ask, sockets, connections } = await serve((socket) => void socket.write(answer));
  for (const body of ["one", "two", "three"]) {
    expect((await ask(body)).status).toBe(200);
    sockets.at(-1)?.end();
  }
  expect(connections()).toBe(3);
});

test("a reset on a fresh connection is a failure, and is not tried again unasked", async () => {
  const server = await openRawServer((socket) => {
    socket.on("data", () => socket.resetAndDestroy());
  });
  open.push(server);
  await expect(server.ask("one")).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(server.sockets).toHaveLength(1);
});

test("an answer that is cut is not taken for a stale connection: the server has had the request", async () => {
  const cut = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{";
  const { ask, connections } = await serve((socket) => socket.end(cut));
  expect((await ask("one")).status).toBe(200);
  await expect(ask("two")).rejects.toBeInstanceOf(Error);
  expect(connections()).toBe(1);
});

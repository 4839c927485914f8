import type { Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openRawServer, type RawServer } from "./support/raw-server.ts";

const open: RawServer[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** Asks a server that does `act` with each connection's first bytes. */
async function client(act: (socket: Socket, connection: number) => void) {
  const server = await openRawServer((socket, connection) => {
    socket.once("data", () => act(socket, connection));
  });
  open.push(server);
  return server.ask;
}

test("a server that switches to another protocol has not answered", async () => {
  const switched = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: Upgrade\r\n\r\n";
  const ask = await client((socket) => void socket.write(switched));
  await expect(ask(Buffer.from("one"))).rejects.toMatchObject({ code: "NO_ANSWER" });
});

test("a refusal whose sender never reads the body does not keep the next request waiting", async () => {
  const answer = (status: number) => `HTTP/1.1 ${status} X\r\nContent-Length: 2\r\n\r\n{}`;
  const ask = await client((socket, connection) => {
    if (connection === 1) socket.pause();
    socket.write(answer(connection === 1 ? 503 : 200));
  });
  // More than the buffers on the way can take.
  expect((await ask(Buffer.alloc(32 * 1024 * 1024))).status).toBe(503);
  expect((await ask(Buffer.from("two"))).status).toBe(200);
});

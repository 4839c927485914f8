import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { nodeRequest } from "../src/net/node-request.ts";

const never = new AbortController().signal;
const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** A client of a server that does `act` with each connection's first bytes. */
async function client(act: (socket: Socket, connection: number) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => act(socket, connection));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const network = nodeRequest();
  open.push({
    close() {
      network.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return (body: Uint8Array, signal = never) =>
    network.request({ method: "POST", url, headers: {}, body: [body] }, signal);
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

import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { nodeRequest } from "../../src/net/node-request.ts";
import type { HttpResponse } from "../../src/world.ts";

/** The real client, and a server that says what a test has it say, byte by byte. */
export interface RawServer {
  readonly sockets: readonly Socket[];
  /** Posts `body`. */
  readonly ask: (body: Uint8Array | string) => Promise<HttpResponse>;
  close(): void;
}

/** @param onConnection told of each connection and the how manyth it is, from 1 */
export async function openRawServer(
  onConnection: (socket: Socket, connection: number) => void,
): Promise<RawServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const connection = sockets.push(socket);
    socket.on("error", () => undefined);
    onConnection(socket, connection);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const network = nodeRequest();
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const never = new AbortController().signal;
  return {
    sockets,
    ask: (body) =>
      network.request({ method: "POST", url, headers: {}, body: [Buffer.from(body)] }, never),
    close() {
      network.close();
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

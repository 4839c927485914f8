import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { askSql } from "./answer.ts";

test.each([
  [403, "Account Analytics: Read"],
  [404, "https://api.cloudflare.com"],
  [429, "Ask again later"],
  [500, "server's log"],
])("a refusal with %i says what to do", async (status, cure) => {
  const server = createServer((_request, response) => response.writeHead(status).end("no"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    await expect(askSql("SELECT 1", `http://127.0.0.1:${port}`, {})).rejects.toMatchObject({
      message: `${status}: no`,
      hint: expect.stringContaining(cure),
    });
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** The problem's slug, where it is one. */
  readonly type: string | undefined;
}

/** Sends bytes as they are, which no HTTP client would, and reads one answer, or what comes till the connection ends. */
export function sendRaw(url: string, parts: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = "";
    const isHead = String(parts[0]).startsWith("HEAD ");
    const socket = connect({ host: hostname, port: Number(port) });
    const finish = () => {
      socket.destroy();
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
      resolve({ status, type: /"type":"([a-z-]+)"/.exec(text)?.[1] });
    };
    socket.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      if (isWhole(text, isHead)) finish();
    });
    socket.on("close", finish);
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // A server that has said all it wants to say may cut the rest off.
      if (error.code === "ECONNRESET" || error.code === "EPIPE") finish();
      else reject(error);
    });
    for (const part of parts) socket.write(part);
  });
}

function isWhole(text: string, isHead: boolean): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1 || isHead) return end !== -1;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  const body = text.slice(end + 4);
  return length === undefined ? body.endsWith("0\r\n\r\n") : body.length >= Number(length);
}

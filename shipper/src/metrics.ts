import type * as nodeHttp from "node:http";
import packageJson from "../package.json" with { type: "json" };
import { codeOf } from "./disk/segments.ts";
import type { LiveShipper, ShipListener } from "./listener.ts";
import { Figures } from "./metrics/figures.ts";
import { conclude, type StatusReport } from "./status/conclude.ts";
import { findingsOf, type StatusWorld } from "./status/findings.ts";
import type { Request } from "./world.ts";

/** A server of figures that listens, or the system's word for why it does not. */
export type Metrics =
  | {
      readonly kind: "listening";
      readonly url: string;
      readonly listener: ShipListener;
      /** `request`, with what goes out counted. */
      readonly counting: (request: Request) => Request;
      close(): void;
    }
  | { readonly kind: "failed"; readonly code: string };

export interface MetricsOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly state: string;
}

const host = "127.0.0.1";
/** Scrapers keep one connection each; more than a few are a fault. */
const maxConnections = 16;

/**
 * Tells figures about a shipper to whoever asks on this machine: `GET /metrics`, in OpenMetrics. A
 * file of its own in the bundle, since a shipper without it has no use for what it loads.
 */
export async function startMetrics(world: StatusWorld, options: MetricsOptions): Promise<Metrics> {
  const figures = new Figures(packageJson.version);
  let shipper: LiveShipper | undefined;
  const expose = async (): Promise<string> => {
    return figures.expose(await reportOf(world, options.state, shipper));
  };
  // By `import` it would cost four times the memory.
  const http: Pick<typeof nodeHttp, "createServer"> = process.getBuiltinModule("node:http");
  const server = http.createServer((request, response) => {
    void answer(request, response, figures.registry.contentType, expose);
  });
  server.maxConnections = maxConnections;
  const failure = await listen(server, options.port);
  if (failure !== undefined) return { kind: "failed", code: failure };
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? options.port) : options.port;
  return {
    kind: "listening",
    url: `http://${host}:${port}/metrics`,
    listener: { ...figures.listener, started: (live) => (shipper = live) },
    counting: (request) => figures.counting(request),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Resolves with the code of what went wrong, undefined for nothing. */
function listen(server: nodeHttp.Server, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(codeOf(error) ?? error.message));
    server.listen(port, host, () => resolve(undefined));
  });
}

async function answer(
  request: nodeHttp.IncomingMessage,
  response: nodeHttp.ServerResponse,
  contentType: string,
  expose: () => Promise<string>,
): Promise<void> {
  const send = (status: number, type: string, body: string): void => {
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
    response.end(request.method === "HEAD" ? "" : body);
  };
  const plain = "text/plain; charset=utf-8";
  const { pathname } = new URL(request.url ?? "/", `http://${host}`);
  if (pathname !== "/metrics") return send(404, plain, "Figures are at /metrics.\n");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    return send(405, plain, "Figures are only read.\n");
  }
  try {
    send(200, contentType, await expose());
  } catch (error) {
    send(500, plain, `${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** A shipper that has not begun is one that knows nothing. */
async function reportOf(
  world: StatusWorld,
  state: string,
  shipper: LiveShipper | undefined,
): Promise<StatusReport> {
  const status = shipper?.status();
  const known = { status, checkpoint: shipper?.checkpoint(), damaged: [] };
  return conclude(await findingsOf(world, { state }, known));
}

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { CryptoKey } from "jose";
import { Miniflare } from "miniflare";
import { compatibilityDate, durableObjectBindings, pointBinding } from "../src/worker/host.ts";
import type { DataPoint } from "../src/worker/points/to-point.ts";

/** The Worker in workerd, with a binding that collects its points. */
export interface RunningWorker {
  readonly url: string;
  /** Every delivery, in order; the binding's promises settle when a point is here. */
  readonly delivered: DataPoint[];
  /** Kills workerd outright, as if its machine were switched off, and starts it on the same storage. */
  kill(): Promise<void>;
  /** Signs any claims with a key the Worker knows, or with another. */
  sign(claims: object, options?: SignOptions): Promise<string>;
  machineToken(claims?: object): Promise<string>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface SignOptions {
  readonly kid?: string;
  readonly key?: CryptoKey | Uint8Array;
  readonly alg?: string;
  readonly expiresIn?: string | number;
}

export interface RunOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Requests that a machine may make in a minute. */
  readonly requestsPerMinute?: number;
  /** Code of the point binding's `writeDataPoint(point)`, which may call `store(point)`. */
  readonly writeDataPoint?: string;
  /** The folder of the page's files, where they are deployed. */
  readonly assets?: string;
  /** The main module, where it is not the Worker's own. */
  readonly entryPoint?: string;
}

/** Bundles the Worker and starts it. */
export async function runWorker(options: RunOptions = {}): Promise<RunningWorker> {
  const dir = await mkdtemp(join(tmpdir(), "ingest-worker-"));
  const delivered: DataPoint[] = [];
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "EdDSA", use: "sig" };
  const script = await bundle(options.entryPoint ?? workerPath);
  const sign: RunningWorker["sign"] = (
    claims,
    { kid = "k1", key, alg = "EdDSA", expiresIn = "1h" } = {},
  ) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg, kid })
      .setExpirationTime(expiresIn)
      .sign(key ?? privateKey);
  const start = async () => {
    const runtime = new Miniflare({
      host: "127.0.0.1",
      port: 0,
      durableObjectsPersist: dir,
      workers: [
        ingestWorker(script, options, JSON.stringify({ keys: [jwk] })),
        pointsWorker(options, (points) => delivered.push(...points)),
      ],
    });
    return { runtime, url: (await runtime.ready).origin };
  };
  let running = await start();
  return {
    get url() {
      return running.url;
    },
    delivered,
    sign,
    machineToken: (claims = {}) =>
      sign({
        sub: "m1",
        org: "org_a",
        project: "prj_a",
        machineType: "daytona",
        aud: "ingest",
        ...claims,
      }),
    async kill() {
      for (const pid of await children("workerd")) process.kill(pid, "SIGKILL");
      await running.runtime.dispose();
      running = await start();
    },
    async [Symbol.asyncDispose]() {
      await running.runtime.dispose();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function ingestWorker(script: string, options: RunOptions, keys: string) {
  const limit = options.requestsPerMinute;
  return {
    name: "ingest",
    modules: [{ type: "ESModule" as const, path: "worker.js", contents: script }],
    compatibilityDate,
    durableObjects: Object.fromEntries(
      Object.entries(durableObjectBindings).map(([binding, className]) => [
        binding,
        { className, useSQLite: true },
      ]),
    ),
    wrappedBindings: { [pointBinding]: { scriptName: "points" } },
    bindings: { INGEST_KEYS: keys, ...options.variables },
    ...(options.assets === undefined
      ? {}
      : {
          assets: {
            directory: options.assets,
            binding: "ASSETS",
            routerConfig: { has_user_worker: true, invoke_user_worker_ahead_of_assets: true },
          },
        }),
    ...(limit === undefined
      ? {}
      : {
          ratelimits: {
            MACHINE_RATE_LIMIT: { namespace_id: "1", simple: { limit, period: 60 as const } },
          },
        }),
  };
}

/** The worker behind the point binding. It must not name a compatibility date. */
function pointsWorker(options: RunOptions, store: (points: DataPoint[]) => void) {
  return {
    name: "points",
    modules: [{ type: "ESModule" as const, path: "points.js", contents: pointsScript(options) }],
    serviceBindings: {
      SINK: async (request: { json(): Promise<unknown> }) => {
        store((await request.json()) as DataPoint[]);
        return new Response("stored") as never;
      },
    },
  };
}

/** Processes of this name that this process has started and that still run. */
async function children(name: string): Promise<number[]> {
  const pids: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    const [, comm, parent] = /\((.*)\) \S+ (\d+)/.exec(stat) ?? [];
    if (comm === name && Number(parent) === process.pid) pids.push(Number(entry));
  }
  return pids;
}

const workerPath = fileURLToPath(new URL("../src/worker/worker.ts", import.meta.url));

async function bundle(entryPoint: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["source", "workerd", "worker", "import"],
    external: ["cloudflare:*"],
  });
  return outputFiles[0]?.text ?? "";
}

/** Points of one turn go over together; each call's promise settles when they have arrived. */
function pointsScript({ writeDataPoint = "return store(point)" }: RunOptions): string {
  return `
    export default function ({ SINK }) {
      let batch;
      const store = (point) => {
        batch ??= { points: [], sent: Promise.resolve().then(() => {
          const { points } = batch;
          batch = undefined;
          return SINK.fetch("http://sink/", { method: "POST", body: JSON.stringify(points) });
        }).then((response) => response.text()) };
        batch.points.push(point);
        return batch.sent;
      };
      return { writeDataPoint(point) { ${writeDataPoint} } };
    }`;
}

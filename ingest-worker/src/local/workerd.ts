import { Log, LogLevel, Miniflare, MiniflareCoreError, Response, type Request } from "miniflare";
import { readFileSync, rmSync } from "node:fs";
import { makeFolder } from "pidnap-journal";
import { compatibilityDate, durableObjectBindings, pointBinding } from "../worker/host.ts";
import { PortTakenError, RuntimeError } from "./errors.ts";
import { resolveWorkerdBinary, workerdGuardPath, type WorkerdScripts } from "./package-files.ts";
import { machineMetrics } from "./store-schema.ts";
import { startWatchdog } from "./watchdog.ts";

/** The dataset that the Worker's binding writes to. */
const dataset = machineMetrics.name;

/** What a Worker runs with. */
export interface WorkerdOptions {
  readonly scripts: WorkerdScripts;
  /** Where the objects' storage is kept. */
  readonly objectsDir: string;
  /** The file that says which process workerd is. */
  readonly pidFile: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The Worker's variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Points an invocation may write. */
  readonly maxPointsPerInvocation: number;
  /** Stores points, as objects of JSON; resolves when they are stored. */
  readonly store: (dataset: string, points: Uint8Array) => Promise<void>;
  /** Answers what is not the Worker's: the page, its queries, the SQL API. */
  readonly answerLocally: (request: Request) => Promise<Response>;
  /** Takes a line of the log. */
  readonly log: (line: string) => void;
}

/** A running Worker. */
export interface Workerd {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts workerd with the Worker and resolves when it answers. Rejects with PortTakenError or RuntimeError. */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  makeFolder(options.objectsDir, 0o750);
  process.env["MINIFLARE_WORKERD_PATH"] = workerdGuardPath;
  // What an earlier workerd left would name a process that is somebody else's by now.
  rmSync(options.pidFile, { force: true });
  const watchdog = startWatchdog(options.pidFile);
  const watch = () => watchdog.watch(Number(readFileSync(options.pidFile, "utf8")));
  const onRestart = () => {
    watch();
    options.log("workerd ended and was started again.");
  };
  const miniflare = withoutSignalHandlers(() => {
    return new Miniflare(miniflareOptions(options, onRestart));
  });
  try {
    await miniflare.ready;
    watch();
    const url = await miniflare.unsafeGetDirectURL("router");
    return {
      url: url.origin,
      async close() {
        await miniflare.dispose();
        await watchdog.stop();
      },
    };
  } catch (error) {
    // What went wrong first is what counts.
    await miniflare.dispose().catch(() => {});
    await watchdog.stop();
    if (error instanceof MiniflareCoreError && error.code === "ERR_ADDRESS_IN_USE") {
      throw new PortTakenError(options.port, error);
    }
    throw new RuntimeError(
      "workerd did not start.",
      "Its own words are in the log above; `npm ci` mends a broken install.",
      error,
    );
  }
}

function miniflareOptions(
  options: WorkerdOptions,
  onRestart: () => void,
): ConstructorParameters<typeof Miniflare>[0] {
  const { scripts, store } = options;
  const durableObjects = Object.fromEntries(
    Object.entries(durableObjectBindings).map(([binding, className]) => [
      binding,
      { className, useSQLite: true },
    ]),
  );
  return {
    host: "127.0.0.1",
    log: new Log(LogLevel.ERROR),
    // Otherwise each start asks Cloudflare for an example of a request's `cf`.
    cf: false,
    structuredWorkerdLogs: true,
    handleStructuredLogs({ level, message }: { level: string; message: string }) {
      options.log(`worker ${level}: ${message}`);
    },
    // Has to stand here: inside a worker it is ignored, and every start would begin empty.
    durableObjectsPersist: options.objectsDir,
    // Miniflare starts it again by itself, on the same port; what the objects had stored is there.
    unsafeHandleRuntimeRestart: onRestart,
    unsafeRuntimeEnv: {
      PIDNAP_INGEST_WORKERD: resolveWorkerdBinary(),
      PIDNAP_INGEST_WORKERD_PID_FILE: options.pidFile,
    },
    workers: [
      {
        name: "router",
        compatibilityDate,
        modules: [{ type: "ESModule", path: "router.js", contents: scripts.router }],
        serviceBindings: { WORKER: "ingest", LOCAL: options.answerLocally },
        // Requests come in past miniflare's own entry, as they were sent.
        unsafeDirectSockets: [{ host: "127.0.0.1", port: options.port }],
      },
      {
        name: "ingest",
        compatibilityDate,
        compatibilityFlags: ["nodejs_als"],
        modules: [
          { type: "ESModule", path: "main.js", contents: mainModule },
          { type: "ESModule", path: "entry.js", contents: scripts.entry },
          { type: "ESModule", path: "worker.js", contents: scripts.worker },
        ],
        bindings: options.variables,
        durableObjects,
        wrappedBindings: { [pointBinding]: { scriptName: "dataset" } },
      },
      {
        // The binding's worker must not name a compatibility date: it has the Worker's.
        name: "dataset",
        modules: [{ type: "ESModule", path: "dataset.js", contents: scripts.dataset }],
        bindings: { DATASET: dataset, MAX_POINTS: options.maxPointsPerInvocation },
        serviceBindings: { STORE: (request: Request) => storePoints(request, store, options.log) },
      },
    ],
  };
}

/** The Worker with its invocations counted; it exports what production's script exports. */
const mainModule = [
  `import * as worker from "./worker.js";`,
  `import { countHandlers, countMethods } from "./entry.js";`,
  `export default countHandlers(worker.default);`,
  ...Object.values(durableObjectBindings).map(
    (name) => `export const ${name} = countMethods(worker.${name});`,
  ),
].join("\n");

async function storePoints(
  request: Request,
  store: WorkerdOptions["store"],
  log: WorkerdOptions["log"],
): Promise<Response> {
  const dataset = new URL(request.url).pathname.slice(1);
  try {
    await store(dataset, new Uint8Array(await request.arrayBuffer()));
    return new Response(null, { status: 204 });
  } catch (error) {
    log(`store: ${describe(error)}`);
    return new Response(null, { status: 503 });
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}

/**
 * Miniflare ends the process at once on SIGINT and SIGTERM; here the store must be closed first.
 * Its handler for `exit`, which ends workerd, stays.
 */
function withoutSignalHandlers<T>(make: () => T): T {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const before = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]));
  const made = make();
  for (const signal of signals) {
    for (const listener of process.listeners(signal)) {
      if (before.get(signal)?.has(listener) !== true) process.removeListener(signal, listener);
    }
  }
  return made;
}

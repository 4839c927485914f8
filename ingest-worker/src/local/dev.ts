import { join } from "node:path";
import { Response, type Request } from "miniflare";
import { openPointStore, type PointStore } from "./clickhouse.ts";
import { ensureKeys, publicKeySet } from "./keys.ts";
import { lockDataDir } from "./lock.ts";
import { checkPortFree } from "./port.ts";
import { loadWorkerdScripts, type WorkerdScripts } from "./package-files.ts";
import { Sampler } from "./sampler.ts";
import { readStart } from "./read-start.ts";
import { makeSite } from "./site.ts";
import { makeSqlApi, unableAnswer, type Answer } from "./sql-api.ts";
import { machineMetrics } from "./store-schema.ts";
import { startWorkerd, type Workerd } from "./workerd.ts";

/** What a local server is started with. */
export interface DevOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** How long a journal may be quiet before its machine is said to be silent, ms. */
  readonly silentAfterMs: number;
  /** Points a second of one index above which writes are sampled. Default: none is. */
  readonly sampleAbove?: number;
  /** Whether SQL is taken that production was seen both to take and to refuse. Default false. */
  readonly lenientSql?: boolean;
  /** How often the page asks, ms. Default: 5,000. */
  readonly viewRefreshMs?: number;
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** Variables of the Worker beside those that are set here. */
  readonly variables?: Readonly<Record<string, string>>;
  /** For tests: other scripts than the package's own. */
  readonly scripts?: WorkerdScripts;
}

/** A running local server. */
export interface Dev {
  readonly url: string;
  readonly sqlUrl: string;
  close(): Promise<void>;
}

/** The most bytes of a body that are kept; a statement of the longest length has far fewer. */
const maxBodyBytes = 1024 * 1024;

/** Analytics Engine's points per invocation. */
const maxPointsPerInvocation = 250;

/**
 * Runs the Worker in workerd and what stands for Analytics Engine beside it, on one port of
 * 127.0.0.1. Resolves when it answers. Rejects, with nothing left running, with DataLockedError,
 * DataUnusableError, PortTakenError, KeysError or RuntimeError.
 */
export async function startDev(options: DevOptions): Promise<Dev> {
  await checkPortFree(options.port);
  const unlock = lockDataDir(options.dataDir);
  let store: PointStore | undefined;
  try {
    const keys = await ensureKeys(options.dataDir);
    const scripts = options.scripts ?? loadWorkerdScripts();
    const opened = openPointStore({
      dir: join(options.dataDir, "clickhouse"),
      datasets: [machineMetrics],
      now: options.now,
      log: options.log,
    });
    store = opened;
    const workerd = await startWorkerd({
      scripts,
      objectsDir: join(options.dataDir, "objects"),
      pidFile: join(options.dataDir, "workerd.pid"),
      port: options.port,
      variables: {
        ...options.variables,
        INGEST_KEYS: publicKeySet(keys),
        SILENT_AFTER_MS: String(options.silentAfterMs),
      },
      maxPointsPerInvocation,
      store: makeAppend(opened, options),
      answerLocally: makeLocalAnswers(opened, options),
      log: options.log,
    });
    return running(workerd, opened, unlock);
  } catch (error) {
    await store?.close();
    unlock();
    throw error;
  }
}

function running(workerd: Workerd, store: PointStore, unlock: () => void): Dev {
  return {
    url: workerd.url,
    sqlUrl: `${workerd.url}/client/v4/accounts/local/analytics_engine/sql`,
    async close() {
      // The Worker first: what it still gives to the store is stored before that one closes.
      await workerd.close();
      await store.close();
      unlock();
    },
  };
}

/** Points on their way into the store, sampled where that was asked for. */
function makeAppend(
  store: PointStore,
  { sampleAbove, now }: Pick<DevOptions, "sampleAbove" | "now">,
): PointStore["append"] {
  if (sampleAbove === undefined) return (dataset, lines) => store.append(dataset, lines);
  const sampler = new Sampler({ maxPerSecond: sampleAbove, now });
  return async (dataset, lines) => {
    const kept = sampler.sample(machineMetrics, lines);
    if (kept.length > 0) await store.append(dataset, kept);
  };
}

function makeLocalAnswers(
  store: PointStore,
  {
    log,
    now,
    viewRefreshMs: refreshMs,
    lenientSql = false,
  }: Pick<DevOptions, "log" | "now" | "lenientSql" | "viewRefreshMs">,
): (request: Request) => Promise<Response> {
  const sqlApi = makeSqlApi({ store, log, strict: !lenientSql });
  const site = makeSite({ store, log, now, refreshMs });
  return async (request) => {
    const url = new URL(request.url);
    const asked = {
      method: request.method,
      url,
      authorization: request.headers.get("authorization"),
      text: () => readStart(request.body, maxBodyBytes),
    };
    try {
      const answer = await (url.pathname.startsWith("/client/v4/") ? sqlApi : site)(asked);
      return toResponse(request.method === "HEAD" ? { ...answer, body: "" } : answer);
    } catch (error) {
      log(
        `${url.pathname}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      return toResponse(unableAnswer);
    }
  };
}

function toResponse({ status, body, contentType, headers }: Answer): Response {
  return new Response(body, { status, headers: { "content-type": contentType, ...headers } });
}

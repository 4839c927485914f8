/**
 * The same deployment as wrangler.jsonc, for those who deploy with Alchemy: `npx alchemy deploy`,
 * with Cloudflare's credentials, `ALCHEMY_PASSWORD` and `INGEST_KEYS` (the public keys of the tokens,
 * a JWKS as JSON text) in the environment. A test holds the two files against each other.
 */
import alchemy from "alchemy";
import {
  AnalyticsEngineDataset,
  Assets,
  DurableObjectNamespace,
  RateLimit,
  Worker,
} from "alchemy/cloudflare";
import { compatibilityDate } from "./src/worker/host.ts";

const app = await alchemy("pidnap-ingest");

const keys = process.env["INGEST_KEYS"];
if (keys === undefined) throw new Error("Set INGEST_KEYS to the JWKS that verifies the tokens.");

/** What the page needs to read the dataset, where it is given; without it the page says what is missing. */
function dashboardBindings() {
  const { CLOUDFLARE_ACCOUNT_ID: account, ANALYTICS_API_TOKEN: token } = process.env;
  return {
    ...(account === undefined ? {} : { CLOUDFLARE_ACCOUNT_ID: account }),
    ...(token === undefined ? {} : { ANALYTICS_API_TOKEN: alchemy.secret(token) }),
  };
}

/** Deployed, it has the address `worker.url`. */
export const worker = await Worker("ingest", {
  name: "pidnap-ingest",
  entrypoint: "./src/worker/worker.ts",
  compatibilityDate,
  url: true,
  // A namespace that exists already is gone on with, never made anew.
  adopt: true,
  // The page's files come through the Worker, which gives them their headers.
  assets: { run_worker_first: true },
  observability: {
    enabled: true,
    headSamplingRate: 1,
    logs: { enabled: true, headSamplingRate: 1, invocationLogs: false },
  },
  bindings: {
    MACHINES: DurableObjectNamespace("machines", { className: "MachineObject", sqlite: true }),
    MACHINE_DIRECTORY: DurableObjectNamespace("machine-directory", {
      className: "MachineDirectory",
      sqlite: true,
    }),
    MACHINE_METRICS: AnalyticsEngineDataset("machine-metrics", { dataset: "machine_metrics" }),
    MACHINE_RATE_LIMIT: RateLimit({ namespace_id: 1001, simple: { limit: 600, period: 60 } }),
    QUERY_RATE_LIMIT: RateLimit({ namespace_id: 1002, simple: { limit: 200, period: 60 } }),
    ASSETS: await Assets({ path: "./dist/web" }),
    INGEST_KEYS: alchemy.secret(keys),
    ...dashboardBindings(),
  },
});

await app.finalize();

/**
 * The same deployment as wrangler.jsonc, for those who deploy with Alchemy: `npx alchemy deploy`,
 * with Cloudflare's credentials, `ALCHEMY_PASSWORD` and `INGEST_KEYS` (the public keys of the tokens,
 * a JWKS as JSON text) in the environment. A test holds the two files against each other.
 */
import alchemy from "alchemy";
import {
  AnalyticsEngineDataset,
  DurableObjectNamespace,
  RateLimit,
  Worker,
} from "alchemy/cloudflare";
import { compatibilityDate } from "./src/worker/host.ts";

const app = await alchemy("pidnap-ingest");

const keys = process.env["INGEST_KEYS"];
if (keys === undefined) throw new Error("Set INGEST_KEYS to the JWKS that verifies the tokens.");

/** Deployed, it has the address `worker.url`. */
export const worker = await Worker("ingest", {
  name: "pidnap-ingest",
  entrypoint: "./src/worker/worker.ts",
  compatibilityDate,
  url: true,
  // A namespace that exists already is gone on with, never made anew.
  adopt: true,
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
    INGEST_KEYS: alchemy.secret(keys),
  },
});

await app.finalize();

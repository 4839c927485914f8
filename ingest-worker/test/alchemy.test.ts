import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { expect, it } from "vitest";

const inPackage = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Stands in for Alchemy: hands back what it is told to deploy. */
const standIn = `
  const told = (type) => (...args) => ({ type, ...args.at(-1) });
  const alchemy = async () => ({ finalize: async () => {} });
  alchemy.secret = () => ({ type: "secret" });
  export default alchemy;
  export const Worker = async (id, props) => props;
  export const DurableObjectNamespace = told("objects");
  export const AnalyticsEngineDataset = told("dataset");
  export const RateLimit = told("limit");
  export const Assets = told("assets");
`;

interface Deployed {
  readonly name: string;
  readonly entrypoint: string;
  readonly compatibilityDate: string;
  readonly url: boolean;
  readonly assets: { readonly run_worker_first: boolean };
  readonly observability: {
    readonly enabled: boolean;
    readonly headSamplingRate: number;
    readonly logs: Readonly<Record<string, unknown>>;
  };
  readonly bindings: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What alchemy.run.ts deploys. */
async function deployedByAlchemy(): Promise<Deployed> {
  const dir = await mkdtemp(join(tmpdir(), "pidnap-alchemy-"));
  const outfile = join(dir, "run.mjs");
  const keysBefore = process.env["INGEST_KEYS"];
  try {
    await build({
      entryPoints: [inPackage("alchemy.run.ts")],
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      plugins: [
        {
          name: "stand-in",
          setup(hooks) {
            hooks.onResolve({ filter: /^alchemy/ }, () => ({ path: "alchemy", namespace: "own" }));
            hooks.onLoad({ filter: /.*/, namespace: "own" }, () => ({ contents: standIn }));
          },
        },
      ],
    });
    process.env["INGEST_KEYS"] = '{"keys":[]}';
    return ((await import(pathToFileURL(outfile).href)) as { worker: Deployed }).worker;
  } finally {
    if (keysBefore === undefined) delete process.env["INGEST_KEYS"];
    else process.env["INGEST_KEYS"] = keysBefore;
    await rm(dir, { recursive: true, force: true });
  }
}

interface Wrangler {
  readonly name: string;
  readonly main: string;
  readonly compatibility_date: string;
  readonly workers_dev: boolean;
  readonly observability: {
    readonly enabled: boolean;
    readonly head_sampling_rate: number;
    readonly logs: Readonly<Record<string, unknown>>;
  };
  readonly durable_objects: {
    readonly bindings: readonly { readonly name: string; readonly class_name: string }[];
  };
  readonly migrations: readonly { readonly new_sqlite_classes: readonly string[] }[];
  readonly analytics_engine_datasets: readonly {
    readonly binding: string;
    readonly dataset: string;
  }[];
  readonly assets: {
    readonly directory: string;
    readonly binding: string;
    readonly run_worker_first: boolean;
  };
  readonly ratelimits: readonly {
    readonly name: string;
    readonly namespace_id: string;
    readonly simple: object;
  }[];
}

/** wrangler.jsonc; with its comments it is an expression of JavaScript, and our own. */
async function wranglerConfig(): Promise<Wrangler> {
  const text = await readFile(inPackage("wrangler.jsonc"), "utf8");
  return JSON.parse(JSON.stringify(runInNewContext(`(${text})`))) as Wrangler;
}

it("alchemy.run.ts deploys what wrangler.jsonc deploys", async () => {
  const [alchemy, wrangler] = await Promise.all([deployedByAlchemy(), wranglerConfig()]);
  const sqliteClasses = wrangler.migrations.flatMap((step) => step.new_sqlite_classes);
  expect(alchemy).toMatchObject({
    name: wrangler.name,
    entrypoint: `./${wrangler.main}`,
    compatibilityDate: wrangler.compatibility_date,
    url: wrangler.workers_dev,
  });
  expect(alchemy.bindings).toEqual({
    ...Object.fromEntries(
      wrangler.durable_objects.bindings.map(({ name, class_name: className }) => [
        name,
        { type: "objects", className, sqlite: sqliteClasses.includes(className) },
      ]),
    ),
    ...Object.fromEntries(
      wrangler.analytics_engine_datasets.map(({ binding, dataset }) => [
        binding,
        { type: "dataset", dataset },
      ]),
    ),
    ...Object.fromEntries(
      wrangler.ratelimits.map(({ name, namespace_id: id, simple }) => [
        name,
        { type: "limit", namespace_id: Number(id), simple },
      ]),
    ),
    [wrangler.assets.binding]: { type: "assets", path: `./${wrangler.assets.directory}` },
    INGEST_KEYS: { type: "secret" },
  });
  expect(alchemy.assets.run_worker_first).toBe(wrangler.assets.run_worker_first);
  const { logs } = alchemy.observability;
  expect({
    enabled: alchemy.observability.enabled,
    head_sampling_rate: alchemy.observability.headSamplingRate,
    logs: {
      enabled: logs["enabled"],
      head_sampling_rate: logs["headSamplingRate"],
      invocation_logs: logs["invocationLogs"],
    },
  }).toEqual(wrangler.observability);
});

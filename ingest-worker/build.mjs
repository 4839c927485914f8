// Bundles what this package runs and exports, as plain JavaScript into dist/. Plain Node 20, since
// npm runs it at install. `node build.mjs --workerd` prints the bundles for workerd instead, as one
// line of JSON: a local server that runs from sources starts with those. `node build.mjs --page` lays
// out the page's files alone, which a deployment uploads.
import { build } from "esbuild";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const inSource = (...path) => join(here, "src", ...path);
const inDist = (...path) => join(here, "dist", ...path);

const shared = {
  bundle: true,
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  absWorkingDir: here,
};

/** What runs in workerd: nothing of Node, and Cloudflare's own modules stay imports. */
const forWorkerd = {
  ...shared,
  platform: "neutral",
  target: "es2024",
  mainFields: ["module", "main"],
  conditions: ["source", "workerd", "worker", "import"],
  external: ["cloudflare:*", "node:async_hooks"],
};

/** What runs in Node. Packages with native parts or hundreds of files stay where npm put them. */
const forNode = {
  ...shared,
  platform: "node",
  target: "node22",
  conditions: ["source"],
  external: ["chdb", "miniflare", "workerd"],
};

// Libraries written for CommonJS call `require` for Node's own modules.
const requireForCommonJs =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

const workerdSources = {
  worker: inSource("worker", "worker.ts"),
  entry: inSource("local", "runtime", "entry.ts"),
  dataset: inSource("local", "runtime", "dataset.ts"),
  router: inSource("local", "runtime", "router.ts"),
};

if (process.argv.includes("--workerd")) await printForWorkerd();
else if (process.argv.includes("--page")) layOutPage();
else await buildAll();

async function printForWorkerd() {
  const bundles = await Promise.all(
    Object.entries(workerdSources)
      .filter(([, source]) => existsSync(source))
      .map(async ([name, source]) => {
        const result = await build({ ...forWorkerd, entryPoints: [source], write: false });
        return [name, result.outputFiles[0].text];
      }),
  );
  process.stdout.write(`${JSON.stringify(Object.fromEntries(bundles))}\n`);
}

async function buildAll() {
  rmSync(inDist(), { recursive: true, force: true });
  mkdirSync(inDist("runtime"), { recursive: true });
  await Promise.all([
    // In pieces, so that a subcommand loads neither ClickHouse nor workerd where it needs none.
    build({
      ...forNode,
      entryPoints: [inSource("local", "main.ts")],
      outdir: inDist(),
      splitting: true,
      chunkNames: "[name]-[hash]",
      banner: { js: requireForCommonJs },
      minify: true,
    }),
    build({
      ...forNode,
      entryPoints: [inSource("index.ts")],
      outfile: inDist("index.js"),
      packages: "external",
    }),
    ...Object.entries(workerdSources)
      .filter(([, source]) => existsSync(source))
      .map(([name, source]) =>
        build({
          ...forWorkerd,
          entryPoints: [source],
          outfile: name === "worker" ? inDist("worker.js") : inDist("runtime", `${name}.js`),
        }),
      ),
  ]);
  const guard = inDist("runtime", "workerd-guard.sh");
  copyFileSync(inSource("local", "runtime", "workerd-guard.sh"), guard);
  chmodSync(guard, 0o755);
  cpSync(join(here, "dashboards"), inDist("dashboards"), { recursive: true });
  layOutPage();
}

/** The page's files by their addresses, as src/local/package-files.ts serves them from their sources. */
function layOutPage() {
  const charts = dirname(createRequire(import.meta.url).resolve("uplot"));
  const files = new Map([
    ...readdirSync(join(here, "web")).map((name) => {
      const isAtRoot = name === "index.html" || name === "favicon.svg";
      return [inDist("web", isAtRoot ? "" : "assets", name), join(here, "web", name)];
    }),
    ...["uPlot.iife.min.js", "uPlot.min.css"].map((name) => {
      return [inDist("web", "vendor", name), join(charts, name)];
    }),
  ]);
  for (const folder of ["assets", "vendor"]) mkdirSync(inDist("web", folder), { recursive: true });
  for (const [target, source] of files) {
    const content = readFileSync(source);
    // A server that reads it meanwhile must not find half a file.
    if (existsSync(target) && readFileSync(target).equals(content)) continue;
    writeFileSync(`${target}.${process.pid}`, content);
    renameSync(`${target}.${process.pid}`, target);
  }
  // What an earlier version laid out would be uploaded too.
  for (const entry of readdirSync(inDist("web"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isDraft = /\.\d+$/.test(entry.name);
    if (entry.isFile() && !isDraft && !files.has(path)) rmSync(path, { force: true });
  }
}

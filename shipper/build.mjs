// Bundles the command into one minified file, since loading libraries from hundreds of files costs
// memory that a small machine misses, and the library for those who import it. Runs under Node 20
// or later. `node build.mjs [DIR]`.
import { chmodSync, rmSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(root, "dist");
rmSync(out, { recursive: true, force: true });

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  conditions: ["source"],
  logLevel: "warning",
};

/** The journal's modules do nothing on import: what the shipper does not use of them stays out. */
const journalWithoutSideEffects = {
  name: "journal-without-side-effects",
  setup(build) {
    build.onResolve({ filter: /^\.|^pidnap-journal$/ }, async (args) => {
      const ours = args.path === "pidnap-journal" || /[/\\]pidnap-journal[/\\]/.test(args.importer);
      if (!ours || args.pluginData === "resolved") return undefined;
      const { namespace, kind, importer, resolveDir } = args;
      const how = { namespace, kind, importer, resolveDir, pluginData: "resolved" };
      return { ...(await build.resolve(args.path, how)), sideEffects: false };
    });
  },
};

/** What the command line's parser uses of modules that take 3 ms to load: it seldom uses them at all. */
const usedByParser = {
  "node:child_process": ["spawn"],
  "node:util": ["stripVTControlCharacters"],
};

/** Node's own modules are asked for by name: an ES import of one touches, and so loads, all that it exports. */
const builtinsByName = {
  name: "builtins-by-name",
  setup(build) {
    const names = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    build.onResolve({ filter: /^[a-z0-9_/:]+$/ }, ({ path, importer }) => {
      if (!names.has(path)) return undefined;
      const isParsers = /[/\\]commander[/\\]/.test(importer) && path in usedByParser;
      return { path, namespace: isParsers ? "builtin-of-parser" : "builtin" };
    });
    build.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule("${path}");`,
    }));
    build.onLoad({ filter: /./, namespace: "builtin-of-parser" }, ({ path }) => ({
      contents: usedByParser[path]
        .map((name) => {
          const get = `() => process.getBuiltinModule("${path}").${name}`;
          return `Object.defineProperty(exports, "${name}", { get: ${get}, enumerable: true });`;
        })
        .join("\n"),
    }));
  },
};

/** What is imported on demand is a file of its own: nothing is loaded before it is needed. */
const commandsApart = {
  name: "commands-apart",
  setup(build) {
    build.onResolve({ filter: /^\.\/[a-z-]+\.ts$/ }, (args) =>
      args.kind === "dynamic-import" && dirname(args.importer) === join(root, "src")
        ? { path: args.path.replace(/\.ts$/, ".js"), external: true }
        : undefined,
    );
  },
};

/** Of the metrics library, what is used: the rest of it would load half of Node's modules. */
const metricsLibraryInPart = {
  name: "metrics-library-in-part",
  setup(build) {
    build.onResolve({ filter: /^prom-client$/ }, () => ({ path: "part", namespace: "metrics" }));
    build.onLoad({ filter: /^part$/, namespace: "metrics" }, () => ({
      resolveDir: root,
      contents: ["registry", "gauge", "counter"]
        .map(
          (name) =>
            `export { default as ${name[0].toUpperCase()}${name.slice(1)} } from "prom-client/lib/${name}.js";`,
        )
        .join("\n"),
    }));
  },
};

await build({
  ...shared,
  entryPoints: ["main", "run", "status", "reship", "metrics", "watch"].map((name) =>
    join(root, "src", `${name}.ts`),
  ),
  outdir: out,
  inject: [join(root, "light-performance.mjs")],
  minify: true,
  legalComments: "none",
  plugins: [builtinsByName, commandsApart, journalWithoutSideEffects, metricsLibraryInPart],
});
chmodSync(join(out, "main.js"), 0o755);

await build({
  ...shared,
  entryPoints: [join(root, "src", "index.ts")],
  outfile: join(out, "index.js"),
  packages: "external",
});

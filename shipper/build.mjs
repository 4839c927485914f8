// Bundles the command into one minified file, since loading libraries from hundreds of files costs
// memory that a small machine misses, and the library for those who import it. Runs under Node 20
// or later. `node build.mjs [DIR]`.
import { chmodSync, rmSync } from "node:fs";
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

/** What the command line imports on demand is a file of its own: a command loads nothing of the others. */
const commandsApart = {
  name: "commands-apart",
  setup(build) {
    build.onResolve({ filter: /^\.\/[a-z-]+\.ts$/ }, (args) =>
      args.kind === "dynamic-import" && args.importer === join(root, "src", "main.ts")
        ? { path: args.path.replace(/\.ts$/, ".js"), external: true }
        : undefined,
    );
  },
};

await build({
  ...shared,
  entryPoints: ["main", "run", "status", "reship"].map((name) => join(root, "src", `${name}.ts`)),
  outdir: out,
  minify: true,
  legalComments: "none",
  plugins: [commandsApart, journalWithoutSideEffects],
});
chmodSync(join(out, "main.js"), 0o755);

await build({
  ...shared,
  entryPoints: [join(root, "src", "index.ts")],
  outfile: join(out, "index.js"),
  packages: "external",
});

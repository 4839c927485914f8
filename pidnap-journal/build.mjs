import { chmod, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";

/**
 * Bundles what npm links and what others import, into `dist` or the directory named. JavaScript, since
 * type stripping costs every start memory and time; in few files, since loading a library from its
 * hundreds costs as much again.
 */
const outdir = resolve(process.argv[2] ?? join(import.meta.dirname, "dist"));
const shared = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  conditions: ["source"],
  outdir,
  splitting: true,
  logLevel: "warning",
};

await rm(outdir, { recursive: true, force: true });
await Promise.all([
  // The library: its dependencies are installed beside it.
  build({
    ...shared,
    entryPoints: ["src/index.ts", "src/pure.ts"],
    packages: "external",
    chunkNames: "library-[hash]",
  }),
  // The command: one small entry, and chunks for what only a subcommand needs.
  build({
    ...shared,
    entryPoints: { main: "src/cli/main.ts" },
    chunkNames: "command-[hash]",
    minify: true,
  }),
]);
await chmod(join(outdir, "main.js"), 0o755);

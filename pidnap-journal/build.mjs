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

/**
 * Node's own modules as `require` would give them: where one is imported, Node reads each of its exports,
 * and some are made only then (`node:process` opens the standard input for it). Starting other programs
 * is a feature of the argument parser that is not used, and loads a network stack.
 */
const lightBuiltins = {
  name: "light-builtins",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:(child_process|crypto|os|process|util|v8)$/ }, ({ path }) => ({
      path,
      namespace: "light-builtin",
    }));
    onLoad({ filter: /.*/, namespace: "light-builtin" }, ({ path }) => ({
      contents:
        path === "node:child_process"
          ? "module.exports = {};"
          : `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
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
    plugins: [lightBuiltins],
  }),
]);
await chmod(join(outdir, "main.js"), 0o755);

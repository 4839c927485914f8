import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Scripts that run inside workerd, as bundled text. */
export interface WorkerdScripts {
  readonly worker: string;
  readonly entry: string;
  readonly dataset: string;
  readonly router: string;
}

// The same code runs bundled, from dist/main.js, and as sources, from src/local/.
const here = dirname(fileURLToPath(import.meta.url));
const fromSources = import.meta.url.endsWith(".ts");
const packageRoot = fromSources ? join(here, "..", "..") : join(here, "..");

/** This package's own description, which is always installed with it. */
export const packageJsonPath = join(packageRoot, "package.json");

/** The scripts for workerd: those bundled at install, or, from sources, bundled now. */
export function loadWorkerdScripts(): WorkerdScripts {
  if (fromSources) {
    const output = execFileSync(process.execPath, [join(packageRoot, "build.mjs"), "--workerd"], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "inherit"],
    });
    return JSON.parse(output) as WorkerdScripts;
  }
  return {
    worker: readFileSync(join(here, "worker.js"), "utf8"),
    entry: readFileSync(join(here, "runtime", "entry.js"), "utf8"),
    dataset: readFileSync(join(here, "runtime", "dataset.js"), "utf8"),
    router: readFileSync(join(here, "runtime", "router.js"), "utf8"),
  };
}

/** The script that workerd is run by, so that it never outlives the process that started it. */
export const workerdGuardPath = join(here, "runtime", "workerd-guard.sh");

/** The page's files on disk, by their addresses, as build.mjs lays them out for a deployment. */
export function pageFiles(): ReadonlyMap<string, string> {
  const folder = fromSources ? join(packageRoot, "web") : join(here, "web", "assets");
  const charts = fromSources ? dirname(resolveInstalled("uplot")) : join(here, "web", "vendor");
  const root = fromSources ? folder : join(here, "web");
  return new Map([
    ["/", join(root, "index.html")],
    ["/favicon.svg", join(root, "favicon.svg")],
    ...readdirSync(folder)
      .filter((name) => /\.(?:js|css)$/.test(name))
      .map((name) => [`/assets/${name}`, join(folder, name)] as const),
    ...["uPlot.iife.min.js", "uPlot.min.css"].map(
      (name) => [`/vendor/${name}`, join(charts, name)] as const,
    ),
  ]);
}

/** A file of an installed package, by its specifier. */
function resolveInstalled(specifier: string): string {
  return createRequire(import.meta.url).resolve(specifier);
}

/** The workerd binary that the installed miniflare was made with. */
export function resolveWorkerdBinary(): string {
  const fromMiniflare = createRequire(resolveInstalled("miniflare"));
  const { default: path } = fromMiniflare("workerd") as { default: string };
  return path;
}

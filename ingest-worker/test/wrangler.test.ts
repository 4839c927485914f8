import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

// Its `bin` is no export of the package, but stands beside one that is.
const wrangler = join(
  dirname(createRequire(import.meta.url).resolve("wrangler")),
  "../bin/wrangler.js",
);
const configs = [["../wrangler.jsonc"], ["../examples/mounted/wrangler.jsonc"]];

it.each(configs)("wrangler takes %s for a deployment, as far as a dry run goes", async (path) => {
  const config = fileURLToPath(new URL(path, import.meta.url));
  const outdir = await mkdtemp(join(tmpdir(), "pidnap-wrangler-"));
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [wrangler, "deploy", "--dry-run", "--config", config, "--outdir", outdir],
      { env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true", NO_COLOR: "1" } },
    );
    expect(stdout).toMatch(/env\.MACHINE_METRICS \(machine_metrics\)\s+Analytics Engine Dataset/);
    expect(stdout).toMatch(/env\.MACHINES \(MachineObject\)\s+Durable Object/);
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
});

/**
 * Makes what Grafana is given of the catalogue of queries, below ingest-worker/grafana:
 * `node --conditions=source ingest-worker/scripts/make-grafana.ts`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { grafanaFiles } from "../grafana/files.ts";

const folder = fileURLToPath(new URL("../grafana/", import.meta.url));
const files = grafanaFiles();
for (const [name, text] of files) {
  mkdirSync(dirname(folder + name), { recursive: true });
  writeFileSync(folder + name, text);
}
process.stdout.write(`${files.size} files in ${folder}\n`);

/**
 * Puts the queries of dashboards/*.sql into src/catalogue/queries.ts, which the Worker is bundled
 * with: `node --conditions=source ingest-worker/scripts/make-catalogue.ts`.
 */
import { writeFileSync } from "node:fs";
import { makeQueriesModule, queriesModulePath, readQueryFiles } from "./catalogue-files.ts";

const texts = readQueryFiles();
writeFileSync(queriesModulePath, makeQueriesModule(texts));
process.stdout.write(`${texts.size} queries\n`);

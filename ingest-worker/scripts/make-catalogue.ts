/**
 * Puts the queries of dashboards/*.sql into src/catalogue/queries.ts, which the Worker is bundled
 * with, and into the tables of docs/queries.md:
 * `node --conditions=source ingest-worker/scripts/make-catalogue.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { withTables } from "./catalogue-docs.ts";
import {
  documentPath,
  makeQueriesModule,
  queriesModulePath,
  readQueryFiles,
} from "./catalogue-files.ts";

const texts = readQueryFiles();
writeFileSync(queriesModulePath, makeQueriesModule(texts));
writeFileSync(documentPath, withTables(readFileSync(documentPath, "utf8"), texts));
process.stdout.write(`${texts.size} queries\n`);

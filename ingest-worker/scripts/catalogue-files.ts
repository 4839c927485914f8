import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseQuery } from "../src/catalogue/parse-query.ts";

const folder = fileURLToPath(new URL("../dashboards/", import.meta.url));

/** The module that is made of the queries. */
export const queriesModulePath = fileURLToPath(
  new URL("../src/catalogue/queries.ts", import.meta.url),
);

/** The document that has a table of them. */
export const documentPath = fileURLToPath(new URL("../../docs/queries.md", import.meta.url));

/** The text of every query by its name, in the order of the names. Throws where one does not keep to the form. */
export function readQueryFiles(): ReadonlyMap<string, string> {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .toSorted();
  return new Map(
    names.map((name) => {
      const text = readFileSync(`${folder}${name}.sql`, "utf8");
      parseQuery(name, text);
      return [name, text];
    }),
  );
}

/** The module's text: what its files say, as they say it. */
export function makeQueriesModule(texts: ReadonlyMap<string, string>): string {
  const entries = [...texts].map(([name, text]) => {
    const key = /^\w+$/.test(name) ? name : JSON.stringify(name);
    return `  ${key}:\n    ${JSON.stringify(text)},\n`;
  });
  return `// Made by scripts/make-catalogue.ts of dashboards/*.sql: change those, and run it again.

/** The text of every query, head and statement, by its name. */
export const queryTexts: Readonly<Record<string, string>> = {
${entries.join("")}};
`;
}

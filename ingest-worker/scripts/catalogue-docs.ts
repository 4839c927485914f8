import { parseQuery } from "../src/catalogue/parse-query.ts";
import type { QueryParameter } from "../src/catalogue/parameter.ts";
import { queryGroups, type NamedQuery, type QueryGroup } from "../src/catalogue/query.ts";

const titles: Readonly<Record<QueryGroup, string>> = {
  fleet: "Fleet",
  processes: "Processes",
  startup: "Start-up",
  resources: "Resources",
};

const begin =
  "<!-- prettier-ignore-start -->\n<!-- made by ingest-worker/scripts/make-catalogue.ts -->\n";
const end = "<!-- prettier-ignore-end -->\n";

/** The document with its tables made anew; all else in it stays. Throws where it has no place for them. */
export function withTables(document: string, texts: ReadonlyMap<string, string>): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error("docs/queries.md has no place for the tables.");
  const queries = [...texts].map(([name, text]) => parseQuery(name, text));
  const tables = queryGroups.map((group) => tableOf(group, queries));
  return `${document.slice(0, from)}${begin}\n${tables.join("\n")}\n${document.slice(to)}`;
}

function tableOf(group: QueryGroup, queries: readonly NamedQuery[]): string {
  const rows = queries
    .filter((query) => query.group === group)
    .map((query) => {
      const { name, question, unit, read } = query;
      const cells = [`\`@${name}\``, question, parametersOf(query), unit, read];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    });
  const head = "| Query | Question | Parameters | Units | How to read it |";
  return [`### ${titles[group]}`, "", head, "| --- | --- | --- | --- | --- |", ...rows, ""].join(
    "\n",
  );
}

/** What all queries have is said once, above the tables: of these only how far back one looks. */
const common = new Set(["to", "org", "project", "machine_type"]);

function parametersOf({ parameters }: NamedQuery): string {
  return [...parameters.values()]
    .filter(({ name }) => !common.has(name))
    .map(parameterText)
    .join("<br>");
}

function parameterText({ name, type, default: given, choices }: QueryParameter): string {
  const of = choices.length > 0 ? ` (${choices.join(", ")})` : "";
  if (given === undefined) return `**\`${name}\`**${of}`;
  if (given === "") return `\`${name}\`${of}`;
  return `\`${name} = ${type === "milliseconds" ? durationText(Number(given)) : given}\`${of}`;
}

/** As people would write it: 5m. */
function durationText(ms: number): string {
  const units = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 };
  const unit = Object.entries(units).find(([, size]) => ms % size === 0);
  return unit === undefined ? String(ms) : `${ms / unit[1]}${unit[0]}`;
}

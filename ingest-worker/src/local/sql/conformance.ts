import { functionGroups } from "./functions/definition.ts";
import type { FunctionDefinition } from "./functions/definition.ts";
import { functions } from "./functions/index.ts";
import { doubtfulExamples, refusedExamples } from "./refused.ts";
import { replacements } from "./replacements.ts";
import { syntaxExamples } from "./syntax.ts";
import { translateQuery } from "./translate.ts";

const tables: ReadonlyMap<string, string> = new Map([["machine_metrics", "machine_metrics"]]);

const introduction = `# Conformance of the local SQL API

Made from the tables that drive the checker and the printer (\`functions/\`, \`syntax.ts\`,
\`refused.ts\`): a test fails while it is not up to date, and writes it again with
\`npx vitest run -u ingest-worker/src/local/sql/conformance\`.

\`test/sql-answers.test.ts\` runs every example below against ClickHouse, over four known rows, and
compares the answer or the refusal with what stands here. It does the same with the statements of
\`test/data/ae-sql-corpus.json\`, which have the verdict that production gives;
\`test/sql-fuzz.prop.test.ts\` runs random queries.

Integers have the type that ClickHouse gives them, \`count\`, \`sum\` and \`length\` UInt64. In JSON a
64-bit integer is a string, a Float64 a number, a DateTime \`YYYY-MM-DD hh:mm:ss\` in UTC, a condition
1 or 0, and what is no number (0 / 0) null.

<!-- prettier-ignore-start -->`;

/** The text of CONFORMANCE.md. */
export function renderConformance(): string {
  return [
    introduction,
    ...(["Statements and clauses", "Literals", "Operators"] as const).map(renderSyntax),
    "## Functions\n\nNames are not case-sensitive. *observed*: undocumented, but seen to work.",
    ...functionGroups.map(renderGroup),
    renderDoubtful(),
    renderRefused(),
    renderReplacements(),
    "<!-- prettier-ignore-end -->",
  ]
    .join("\n\n")
    .concat("\n");
}

function renderSyntax(group: (typeof syntaxExamples)[number]["group"]): string {
  const rows = syntaxExamples
    .filter((example) => example.group === group)
    .map(({ name, sql, rows: answer, note }) => [
      code(name),
      code(sql),
      answer === undefined ? "" : code(JSON.stringify(answer)),
      note ?? "",
    ]);
  return `## ${group}\n\n${table(["What", "Tested by", "Answer", "Note"], rows)}`;
}

function renderGroup(group: FunctionDefinition["group"]): string {
  const rows = functions
    .filter((definition) => definition.group === group && definition.status !== "disputed")
    .map((definition) => [
      code(definition.usage),
      definition.status === "documented" ? "" : "*observed*",
      definition.examples
        .map(({ sql, value }) => code(`${sql} → ${JSON.stringify(value)}`))
        .join("<br>"),
      definition.note ?? "",
    ]);
  return `### ${group}\n\n${table(["Function", "", "Tested by", "Note"], rows)}`;
}

function renderDoubtful(): string {
  const rows = doubtfulExamples.map(({ what, sql }) => [what, code(sql), refusalOf(sql)]);
  return `## Refused by default, accepted with \`strict: false\`

Where sightings of production contradict each other, or nobody has seen what it does. The length of
a query counts in bytes by default, in characters with \`strict: false\`; production's limit of
10,000 does not say which.

${table(["What", "Statement", "Refusal"], rows)}`;
}

function renderRefused(): string {
  const rows = refusedExamples.map((sql) => [code(sql), refusalOf(sql)]);
  return `## Refused

Each refusal begins with production's words, as far as they are known, and says on a second line
where, and what to write instead.

${table(["Statement", "Refusal"], rows)}`;
}

function renderReplacements(): string {
  const rows = Object.entries(replacements).map(([name, cure]) => [code(name), code(cure)]);
  return `## Unknown functions, and what to write instead\n\n${table(["Unknown", "Instead"], rows)}`;
}

function refusalOf(sql: string): string {
  const result = translateQuery(sql, { tables });
  return result.ok
    ? ""
    : code(result.message.replace("Input was invalid: ", "").replace("\n", " — "));
}

function code(text: string): string {
  const escaped = text.replaceAll("\n", " ").replaceAll("|", "\\|");
  return escaped.includes("`") ? `\`\` ${escaped} \`\`` : `\`${escaped}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

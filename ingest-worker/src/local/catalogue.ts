import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** How a parameter's value is read and what it becomes in the statement. */
const parameterTypes = {
  /** A name, of a machine for example, as a quoted text. */
  text: z
    .string()
    .max(300)
    // The dialect's texts have no escapes: such a value cannot be said at all, and must not end the text.
    .regex(/^[^'\\]*$/, "must not hold a quote or a backslash, which the SQL has no way to write")
    .transform((value) => `'${value}'`),
  /** A time back from now, such as 15m, 6h or 30d, as an interval. */
  duration: z
    .string()
    .regex(/^[1-9]\d{0,3}[smhd]$/, "must be a whole number and s, m, h or d, such as 6h")
    .transform((value) => `INTERVAL '${value.slice(0, -1)}' ${intervalUnits[value.slice(-1)]}`),
  /** A whole number of ms above 0. */
  milliseconds: z.string().regex(/^[1-9]\d{0,11}$/, "must be a whole number of milliseconds"),
};

const intervalUnits: Record<string, string> = { s: "SECOND", m: "MINUTE", h: "HOUR", d: "DAY" };

type ParameterType = keyof typeof parameterTypes;

/** A named query: one file, whose head says what it answers. */
export interface NamedQuery {
  readonly name: string;
  readonly question: string;
  readonly unit: string;
  readonly read: string;
  readonly parameters: ReadonlyMap<string, ParameterType>;
  /** The statement, with `{parameter}` where a value goes. */
  readonly template: string;
}

/** What became of filling in a query: the statement, or what is wrong with which value. */
export type Filled =
  | { readonly kind: "statement"; readonly sql: string }
  | { readonly kind: "invalid"; readonly reason: string };

/** Reads every query of a folder. Throws where a file does not keep to the form. */
export function readCatalogue(folder: string): ReadonlyMap<string, NamedQuery> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".sql"));
  const queries = files.map((file) => {
    return parseQuery(file.slice(0, -".sql".length), readFileSync(join(folder, file), "utf8"));
  });
  return new Map(queries.map((query) => [query.name, query]));
}

/** Reads one query: lines of `-- key: value`, then the statement. Throws where it does not keep to the form. */
export function parseQuery(name: string, text: string): NamedQuery {
  const lines = text.split("\n");
  const statementAt = lines.findIndex((line) => !line.startsWith("--"));
  const head = lines.slice(0, statementAt).map((line) => /^-- (\w+): (.+)$/.exec(line));
  const valuesOf = (key: string) =>
    head.filter((line) => line?.[1] === key).map((line) => line?.[2] ?? "");
  const query: NamedQuery = {
    name,
    question: only(name, "question", valuesOf("question")),
    unit: only(name, "unit", valuesOf("unit")),
    read: only(name, "read", valuesOf("read")),
    parameters: new Map(valuesOf("parameter").map((value) => parseParameter(name, value))),
    template: lines.slice(statementAt).join("\n").trim(),
  };
  for (const [, used = ""] of query.template.matchAll(/\{(\w*)\}/g)) {
    if (!query.parameters.has(used)) throw new Error(`${name}.sql: {${used}} is not declared.`);
  }
  return query;
}

/** Puts values in. Each is checked by its parameter's type, and none reaches the statement unchecked. */
export function fillQuery(query: NamedQuery, values: URLSearchParams): Filled {
  const literals = new Map<string, string>();
  for (const [name, type] of query.parameters) {
    const parsed = parameterTypes[type].safeParse(values.get(name) ?? undefined);
    if (!parsed.success) {
      const given = values.has(name) ? parsed.error.issues[0]?.message : "is missing";
      return { kind: "invalid", reason: `${name} ${given ?? "is wrong"}` };
    }
    literals.set(name, parsed.data);
  }
  for (const name of values.keys()) {
    if (!literals.has(name)) return { kind: "invalid", reason: `${name} is no parameter of this` };
  }
  const sql = query.template.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) => literals.get(name) ?? "",
  );
  return { kind: "statement", sql };
}

function parseParameter(query: string, text: string): [string, ParameterType] {
  const [name = "", type = ""] = text.split(" ");
  if (!isParameterType(type)) throw new Error(`${query}.sql: ${type} is no type of parameter.`);
  return [name, type];
}

function isParameterType(text: string): text is ParameterType {
  return Object.hasOwn(parameterTypes, text);
}

function only(query: string, key: string, values: readonly string[]): string {
  const [value, ...more] = values;
  if (value === undefined || more.length > 0) {
    throw new Error(`${query}.sql: the head has to say "${key}" once.`);
  }
  return value;
}

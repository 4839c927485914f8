import {
  dimensionColumns,
  parameterTypes,
  type Dimension,
  type ParameterType,
  type QueryParameter,
} from "./parameter.ts";
import {
  columnUnits,
  queryGroups,
  type NamedQuery,
  type QueryColumn,
  type QueryGroup,
} from "./query.ts";

/**
 * Reads one query: lines of `-- key: value`, then the statement. Throws where it does not keep to
 * the form.
 */
export function parseQuery(name: string, text: string): NamedQuery {
  const lines = text.split("\n");
  const statementAt = lines.findIndex((line) => !line.startsWith("--"));
  const valuesOf = readHead(name, lines.slice(0, statementAt));
  const query: NamedQuery = {
    name,
    group: groupOf(name, only(name, "group", valuesOf("group"))),
    question: only(name, "question", valuesOf("question")),
    unit: only(name, "unit", valuesOf("unit")),
    read: only(name, "read", valuesOf("read")),
    parameters: byName(
      name,
      valuesOf("parameter").map((value) => parseParameter(name, value)),
    ),
    columns: [
      ...byName(
        name,
        valuesOf("column").map((value) => parseColumn(name, value)),
      ).values(),
    ],
    template: lines.slice(statementAt).join("\n").trim(),
  };
  requireSameParameters(query);
  return query;
}

const keys = new Set(["group", "question", "unit", "read", "parameter", "column"]);

function readHead(query: string, lines: readonly string[]): (key: string) => readonly string[] {
  const head = lines.map((line) => {
    const [, key = "", value = ""] = /^-- (\w+): (.*\S)$/.exec(line) ?? [];
    if (keys.has(key)) return { key, value };
    throw new Error(`${query}.sql: "${line}" says nothing that a head can say.`);
  });
  return (wanted) => head.filter(({ key }) => key === wanted).map(({ value }) => value);
}

/** `name type`, and `= value` where there is a default; a dimension names its choices: `by dimension(org, project)`. */
function parseParameter(query: string, text: string): QueryParameter {
  const match = /^(\w+) (\w+)(?:\(([\w, ]+)\))?(?: = (.+))?$/.exec(text);
  const [, name = "", type = "", choices, given] = match ?? [];
  if (!isOneOf(parameterTypes, type)) {
    throw new Error(`${query}.sql: "${text}" has no type of parameter.`);
  }
  return {
    name,
    type,
    ...(given !== undefined && { default: given === "''" ? "" : given }),
    choices: parseChoices(query, type, choices),
  };
}

function parseChoices(
  query: string,
  type: ParameterType,
  text: string | undefined,
): readonly Dimension[] {
  if ((type === "dimension") !== (text !== undefined)) {
    throw new Error(`${query}.sql: a dimension names its choices, and nothing else does.`);
  }
  return (text ?? "")
    .split(",")
    .map((choice) => choice.trim())
    .filter((choice) => choice !== "")
    .map((choice) => {
      if (Object.hasOwn(dimensionColumns, choice)) return choice as Dimension;
      throw new Error(`${query}.sql: ${choice} is no dimension.`);
    });
}

function parseColumn(query: string, text: string): QueryColumn {
  const [name = "", unit = "", ...more] = text.split(" ");
  if (isOneOf(columnUnits, unit) && more.length === 0) return { name, unit };
  throw new Error(`${query}.sql: "${text}" is no column and its unit.`);
}

function byName<T extends { readonly name: string }>(
  query: string,
  items: readonly T[],
): ReadonlyMap<string, T> {
  const map = new Map(items.map((item) => [item.name, item]));
  if (map.size === items.length) return map;
  throw new Error(`${query}.sql: the head says a parameter or a column twice.`);
}

function groupOf(query: string, text: string): QueryGroup {
  if (isOneOf(queryGroups, text)) return text;
  throw new Error(`${query}.sql: ${text} is no group.`);
}

function only(query: string, key: string, values: readonly string[]): string {
  const [value, ...more] = values;
  if (value !== undefined && more.length === 0) return value;
  throw new Error(`${query}.sql: the head has to say "${key}" once.`);
}

function requireSameParameters({ name, parameters, template }: NamedQuery): void {
  const used = new Set(Array.from(template.matchAll(/\{(\w*)\}/g), ([, one = ""]) => one));
  for (const one of used) {
    if (!parameters.has(one)) throw new Error(`${name}.sql: {${one}} is not declared.`);
  }
  for (const one of parameters.keys()) {
    if (!used.has(one)) throw new Error(`${name}.sql: the parameter ${one} is not used.`);
  }
}

function isOneOf<T extends string>(known: readonly T[], text: string): text is T {
  return (known as readonly string[]).includes(text);
}

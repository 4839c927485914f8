import {
  catalogue,
  fillQuery,
  parseQuery,
  timeOf,
  type NamedQuery,
} from "../../../catalogue/index.ts";
import { UsageError } from "../../errors.ts";
import { nearest } from "./nearest.ts";

/** What is asked for on the command line beside the statement itself. */
export interface QuestionOptions {
  /** Each `name=value`. */
  readonly param?: readonly string[];
  readonly since?: string;
  readonly list?: boolean;
  readonly chart?: boolean;
}

/** What to do: show what the catalogue has, or ask a statement. */
export type Question =
  | { readonly kind: "list" }
  | { readonly kind: "about"; readonly query: NamedQuery }
  | {
      readonly kind: "statement";
      readonly sql: string;
      /** Where the statement is one of the catalogue's. */
      readonly query?: NamedQuery;
      /** The steps of a series, where the statement has such. */
      readonly steps?: Steps;
    };

/** A stretch of time in steps, ms. */
export interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/**
 * Makes a question of a statement, of `@name`, or of a query's file. Throws UsageError where it
 * cannot be asked so.
 */
export function readQuestion(
  text: string | undefined,
  options: QuestionOptions,
  { nowMs }: { readonly nowMs: number },
): Question {
  const query = text === undefined || text === "@" ? undefined : namedBy(text);
  if (options.list === true && query !== undefined) return { kind: "about", query };
  if (options.list === true || text === "@") return { kind: "list" };
  if (text === undefined || text.trim() === "") {
    throw new UsageError(
      "There is nothing to ask.",
      "Give a statement, @name or --file; --list says which names there are.",
    );
  }
  if (query !== undefined) return fill(query, options, nowMs);
  if (options.param !== undefined || options.since !== undefined) {
    throw new UsageError(
      "--param and --since are for the catalogue's queries.",
      "Give @name, or put the values into the statement.",
    );
  }
  return { kind: "statement", sql: text };
}

/** The query that a text names, or is the file of. */
function namedBy(text: string): NamedQuery | undefined {
  if (text.startsWith("-- group:")) return parseFile(text);
  if (!text.startsWith("@")) return undefined;
  const name = text.slice(1);
  const query = catalogue.get(name);
  if (query !== undefined) return query;
  throw new UsageError(`There is no query ${text}.`, suggestion(name, [...catalogue.keys()], "@"));
}

function parseFile(text: string): NamedQuery {
  try {
    return parseQuery("file", text);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), "Mend the file.");
  }
}

function fill(query: NamedQuery, options: QuestionOptions, nowMs: number): Question {
  const values = givenValues(query, options);
  const steps = stepsOf(query, values, options, nowMs);
  if (steps !== undefined) values.set("step", String(steps.stepMs));
  const filled = fillQuery(query, values, { nowMs });
  if (filled.kind === "invalid") {
    const needed = /^(\w+) is missing$/.exec(filled.reason)?.[1];
    throw new UsageError(
      `@${query.name}: ${filled.reason}.`,
      needed === undefined ? `See --list @${query.name}.` : `Give it as --param ${needed}=….`,
    );
  }
  return { kind: "statement", sql: filled.sql, query, ...(steps !== undefined && { steps }) };
}

function givenValues(
  query: NamedQuery,
  { param = [], since }: QuestionOptions,
): Map<string, string> {
  const values = new Map<string, string>();
  const pairs = since === undefined ? param : [...param, `from=${since}`];
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) {
      throw new UsageError(
        `--param ${JSON.stringify(pair)} is no parameter and its value.`,
        "Write it as name=value.",
      );
    }
    const name = pair.slice(0, at);
    if (!query.parameters.has(name)) {
      const known = [...query.parameters.keys()];
      const message = `@${query.name} has no parameter ${JSON.stringify(name)}.`;
      throw new UsageError(message, suggestion(name, known, ""));
    }
    if (values.has(name)) {
      throw new UsageError(`${name} is given more than once.`, "Give it once.");
    }
    values.set(name, pair.slice(at + 1));
  }
  return values;
}

function suggestion(name: string, known: readonly string[], mark: string): string {
  const near = nearest(name, known);
  if (near !== undefined) return `Did you mean ${mark}${near}?`;
  return mark === "@" ? "--list says which there are." : `It has ${known.join(", ")}.`;
}

/** Steps that people think in, ms. */
const niceStepsMs = [
  ...[10, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * 3_600_000),
];
/** How many steps a terminal is wide enough for. */
const maxSteps = 60;

/** The steps of a series; for a chart those that fit into a terminal, where none were given. */
function stepsOf(
  query: NamedQuery,
  values: ReadonlyMap<string, string>,
  { chart }: QuestionOptions,
  nowMs: number,
): Steps | undefined {
  const valueOf = (name: string) => values.get(name) ?? query.parameters.get(name)?.default ?? "";
  const [fromMs, toMs] = [timeOf(valueOf("from"), nowMs), timeOf(valueOf("to"), nowMs)];
  if (!query.parameters.has("step") || fromMs === undefined || toMs === undefined) return undefined;
  const given = Number(valueOf("step"));
  if (chart !== true || values.has("step")) {
    return Number.isInteger(given) && given > 0 ? { fromMs, toMs, stepMs: given } : undefined;
  }
  const least = (toMs - fromMs) / maxSteps;
  const stepMs = niceStepsMs.find((step) => step >= least) ?? niceStepsMs.at(-1) ?? given;
  return { fromMs, toMs, stepMs };
}

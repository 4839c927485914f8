import { checkConstants } from "./check-constants.ts";
import { checkNumber } from "./check-literal.ts";
import type { FunctionDefinition, ParameterDefinition } from "./functions/definition.ts";
import { isCondition } from "./make-plan.ts";
import type { Plan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import { renderForMessage } from "./render.ts";
import type { Scope } from "./scope.ts";
import type { CallExpression } from "./tree.ts";

/** The most that `topK` may be asked for: more is no longer a top, and ClickHouse's own limit. */
const largestTop = 65_536n;

/** Refuses a wrong number of arguments in the manner of production's message about COUNT. */
export function requireArity(
  node: CallExpression,
  { name, parameters, usage }: FunctionDefinition,
): void {
  const count = node.arguments.length;
  const least = parameters.filter((parameter) => parameter.optional !== true).length;
  const most = parameters.some((parameter) => parameter.repeated) ? Infinity : parameters.length;
  if (name === "position" && node.form !== "in") {
    throw new Refusal("sql parser error: Expected IN, found: ,", `write ${usage}`, node.at);
  }
  if (count >= least && count <= most) return;
  const expected =
    least === most ? String(least) : most === Infinity ? `${least} or more` : `${least} to ${most}`;
  throw new Refusal(
    `${name.toUpperCase()}() function must have ${expected} arguments: ${count}`,
    `write ${usage}`,
    node.at,
  );
}

/** The literal of `topK(5)(…)` or `quantileExactWeighted(0.95)(…)`. */
export function requireParameter(
  node: CallExpression,
  { name, parameter, parameterKind, usage }: FunctionDefinition,
  scope: Scope,
): Plan | null {
  const { parameters } = node;
  if (parameters === null) {
    if (parameter !== "required") return null;
    throw new Refusal(
      `${name.toUpperCase()}() function must have a parameter`,
      `write ${usage}`,
      node.at,
    );
  }
  const [literal] = parameters;
  if (parameter === undefined || parameters.length !== 1 || literal?.kind !== "number") {
    throw new Refusal(
      `${name.toUpperCase()}() function has parameters that it does not take: ${renderForMessage(node)}`,
      `write ${usage}, with a number as the parameter`,
      node.at,
    );
  }
  const plan = checkNumber(literal, scope);
  requireParameterValue(plan, name, parameterKind);
  return plan;
}

function requireParameterValue(
  plan: Plan,
  name: string,
  kind: FunctionDefinition["parameterKind"],
): void {
  if (kind === "level") {
    requireLevel(plan, name);
  } else if (plan.kind !== "integer" || plan.value < 1n || plan.value > largestTop) {
    throw new Refusal(
      `invalid parameter of ${name}()`,
      `it must be a whole number from 1 to ${largestTop}`,
      plan.at,
    );
  }
}

function requireLevel(plan: Plan, name: string): void {
  const level = plan.kind === "integer" || plan.kind === "double" ? Number(plan.value) : Number.NaN;
  if (level >= 0 && level <= 1) return;
  throw new Refusal(
    `invalid level of ${name}()`,
    "a level is a number from 0 to 1, such as 0.95",
    plan.at,
  );
}

/** Checks each argument against its definition. */
export function checkArguments(
  node: CallExpression,
  definition: FunctionDefinition,
  args: readonly Plan[],
): void {
  for (const [index, plan] of args.entries()) {
    const parameter = definition.parameters[index] ?? definition.parameters.at(-1);
    if (parameter === undefined) continue;
    requireArgumentType(node, parameter, plan, index);
    if (parameter.literal === true) requireLiteral(definition, parameter, plan);
  }
  const [first] = args;
  if (first === undefined) return;
  if (definition.name === "toStartOfInterval") requireConstantInterval(args[1]);
  if (definition.name === "quantileWeighted") requireLevel(first, definition.name);
  if (definition.name === "format" && first.kind === "string") {
    requirePattern(first.value, args.length - 1, first);
  }
  checkConstants(definition.name, args);
}

function requireArgumentType(
  node: CallExpression,
  { types, name }: ParameterDefinition,
  plan: Plan,
  index: number,
): void {
  if (types.includes(plan.type)) return;
  if (types.length === 1 && types[0] === "Boolean" && isCondition(plan)) return;
  throw new Refusal(
    `cannot use the ${plan.type} type as argument ${index + 1} in ${renderForMessage(node)}`,
    argumentHint(node, plan, name, types),
    plan.at,
  );
}

function argumentHint(
  node: CallExpression,
  plan: Plan,
  name: string,
  types: ParameterDefinition["types"],
): string {
  if (plan.type === "String" && /^(?:min|max)$/i.test(node.name)) {
    return "argMax(blob1, timestamp) gives the latest text; toUInt32(blob1) makes a number of it";
  }
  if (plan.type === "Boolean")
    return "a condition is not a value: if(condition, 1, 0), or countIf(condition)";
  if (plan.type === "String" && types.includes("DateTime")) return "wrap the text: toDateTime(…)";
  return `${name} takes ${types.join(" or ")}`;
}

function requireLiteral(
  { name, usage }: FunctionDefinition,
  parameter: ParameterDefinition,
  plan: Plan,
): void {
  const { kind } = plan;
  if (kind !== "string" && kind !== "integer" && kind !== "double") {
    throw new Refusal(
      `the ${parameter.name} of ${name}() must be a literal`,
      `write its value into the query: ${usage}`,
      plan.at,
    );
  }
  if (parameter.name === "time zone" && kind === "string") requireZone(plan.value, plan);
}

function requireZone(zone: string, plan: Plan): void {
  if (/^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)*$/.test(zone) && isKnownZone(zone)) return;
  throw new Refusal(
    `unknown time zone: ${zone}`,
    "SHOW TIMEZONES lists them; UTC is 'Etc/UTC'",
    plan.at,
  );
}

function isKnownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** ClickHouse cuts time by a constant interval only, of one unit at least. */
function requireConstantInterval(plan: Plan | undefined): void {
  if (plan === undefined) return;
  const amount = plan.kind === "interval" ? plan.amount : constantArgument(plan);
  if (amount !== null && amount > 0n) return;
  throw new Refusal(
    "the interval of toStartOfInterval() must be a literal of at least one unit",
    "write INTERVAL '5' MINUTE",
    plan.at,
  );
}

function constantArgument(plan: Plan): bigint | null {
  const [argument] = plan.kind === "call" ? plan.args : [];
  return argument?.kind === "integer" ? argument.value : null;
}

function requirePattern(pattern: string, given: number, plan: Plan): void {
  const holes = pattern.split("{}").length - 1;
  if (/[{}]/.test(pattern.replaceAll("{}", ""))) {
    throw new Refusal(
      "format() does not support literal { and } characters",
      "a pattern has no braces but {}, one for each value",
      plan.at,
    );
  }
  if (holes === given) return;
  throw new Refusal(
    `format() has ${holes} places for ${given} values`,
    "write one {} for each value",
    plan.at,
  );
}

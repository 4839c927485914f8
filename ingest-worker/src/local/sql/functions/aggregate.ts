import { countValue, doubleValue, numericTypes, sumType } from "../types.ts";
import type { AeType, ValueType } from "../types.ts";
import { callOf, firstType, typeAt } from "./definition.ts";
import type { FunctionDefinition, ParameterDefinition, PrintedCall } from "./definition.ts";

const anyType: readonly AeType[] = ["Integer", "Double", "String", "DateTime", "Date", "Boolean"];
const orderedType: readonly AeType[] = ["Integer", "Double", "DateTime", "Date"];
const numeric = (name: string): ParameterDefinition => ({ name, types: numericTypes });
const anything = (name: string): ParameterDefinition => ({ name, types: anyType });
const condition: ParameterDefinition = { name: "condition", types: ["Boolean"] };
const weight: ParameterDefinition = { name: "weight", types: ["Integer"] };

const common = { group: "Aggregate", status: "documented", aggregate: true } as const;

/** ClickHouse takes unsigned weights only. */
function weightOf({ args, plans }: PrintedCall, index: number): string {
  const printed = args[index] ?? "";
  return plans[index]?.stored.startsWith("UInt") === true ? printed : `toUInt64(${printed})`;
}

function arrayOf(value: ValueType): ValueType {
  return { type: "Array", stored: `Array(${value.stored})` };
}

export const aggregateFunctions: readonly FunctionDefinition[] = [
  {
    ...common,
    name: "count",
    usage: "count() or count(DISTINCT column)",
    distinct: true,
    parameters: [],
    result: () => countValue,
    print: ({ args }) => (args.length === 0 ? "count()" : `uniqExact(${args.join(", ")})`),
    examples: [
      { sql: "count()", value: "4", type: "UInt64" },
      { sql: "count(DISTINCT blob1)", value: "3", type: "UInt64" },
    ],
    note: "takes no other argument: count(*), count(1) and count(column) are refused",
  },
  {
    ...common,
    name: "sum",
    usage: "sum([DISTINCT] x)",
    distinct: true,
    parameters: [numeric("x")],
    result: (args) => sumType(typeAt(args, 0)),
    print: callOf("sum"),
    examples: [
      { sql: "sum(_sample_interval)", value: "8", type: "UInt64" },
      { sql: "sum(double1)", value: 11.5, type: "Float64" },
      { sql: "sum(DISTINCT double1)", value: 8.5, type: "Float64" },
    ],
  },
  {
    ...common,
    name: "avg",
    usage: "avg([DISTINCT] x)",
    distinct: true,
    parameters: [numeric("x")],
    result: () => doubleValue,
    print: callOf("avg"),
    examples: [
      { sql: "avg(double1)", value: 2.875, type: "Float64" },
      { sql: "avg(DISTINCT double2)", value: 15, type: "Float64" },
    ],
  },
  ...(["min", "max"] as const).map((name): FunctionDefinition => ({
    ...common,
    name,
    usage: `${name}(x)`,
    parameters: [{ name: "x", types: orderedType }],
    result: firstType,
    print: callOf(name),
    examples: [
      { sql: `${name}(double1)`, value: name === "min" ? 1.5 : 4, type: "Float64" },
      {
        sql: `${name}(timestamp)`,
        value: name === "min" ? "2026-09-01 10:07:33" : "2026-09-02 11:59:59",
        type: "DateTime",
      },
    ],
    note: "a String is refused: argMax(blob1, timestamp) gives the latest instead",
  })),
  {
    ...common,
    name: "quantileExactWeighted",
    usage: "quantileExactWeighted(level)(x, weight)",
    parameter: "required",
    parameterKind: "level",
    parameters: [{ name: "x", types: orderedType }, weight],
    result: firstType,
    print: (call) =>
      `quantileExactWeighted(${call.parameter ?? "0.5"})(${call.args[0] ?? ""}, ${weightOf(call, 1)})`,
    examples: [
      { sql: "quantileExactWeighted(0.5)(double1, _sample_interval)", value: 3, type: "Float64" },
    ],
  },
  {
    ...common,
    name: "quantileWeighted",
    usage: "quantileWeighted(level, x, weight)",
    parameters: [
      { name: "level", types: numericTypes, literal: true },
      { name: "x", types: orderedType },
      weight,
    ],
    result: (args) => typeAt(args, 1),
    print: (call) =>
      `quantileExactWeighted(${call.args[0] ?? ""})(${call.args[1] ?? ""}, ${weightOf(call, 2)})`,
    examples: [
      { sql: "quantileWeighted(0.5, double1, _sample_interval)", value: 3, type: "Float64" },
    ],
    note: "the older form of quantileExactWeighted",
  },
  ...(["argMax", "argMin"] as const).map((name): FunctionDefinition => ({
    ...common,
    name,
    usage: `${name}(value, by)`,
    parameters: [anything("value"), anything("by")],
    result: firstType,
    print: callOf(name),
    examples: [
      { sql: `${name}(blob1, timestamp)`, value: name === "argMax" ? "c" : "a", type: "String" },
    ],
  })),
  ...(["first_value", "last_value"] as const).map((name): FunctionDefinition => ({
    ...common,
    name,
    usage: `${name}(x)`,
    parameters: [anything("x")],
    result: firstType,
    print: callOf(name),
    examples: [{ sql: `${name}(index1)`, value: "m-1", type: "String" }],
    note: "ORDER BY sorts the answer, not the rows that it reads: argMin or argMax says which row is meant",
  })),
  {
    ...common,
    name: "topK",
    usage: "topK[(n)](x)",
    parameter: "optional",
    parameterKind: "size",
    parameters: [anything("x")],
    result: (args) => arrayOf(typeAt(args, 0)),
    print: ({ args, parameter }) => `topK(${parameter ?? "10"})(${args.join(", ")})`,
    examples: [
      { sql: "topK(1)(blob1)", value: ["a"], type: "Array(String)" },
      { sql: "topK(index1)", value: ["m-1"], type: "Array(String)" },
    ],
  },
  {
    ...common,
    name: "topKWeighted",
    usage: "topKWeighted[(n)](x, weight)",
    parameter: "optional",
    parameterKind: "size",
    parameters: [anything("x"), weight],
    result: (args) => arrayOf(typeAt(args, 0)),
    print: (call) =>
      `topKWeighted(${call.parameter ?? "10"})(${call.args[0] ?? ""}, ${weightOf(call, 1)})`,
    examples: [
      { sql: "topKWeighted(1)(blob1, _sample_interval)", value: ["b"], type: "Array(String)" },
    ],
  },
  {
    ...common,
    name: "countIf",
    usage: "countIf(condition)",
    parameters: [condition],
    result: () => countValue,
    print: callOf("countIf"),
    examples: [{ sql: "countIf(double1 > 2)", value: "3", type: "UInt64" }],
  },
  {
    ...common,
    name: "sumIf",
    usage: "sumIf(x, condition)",
    parameters: [numeric("x"), condition],
    result: (args) => sumType(typeAt(args, 0)),
    print: callOf("sumIf"),
    examples: [
      { sql: "sumIf(_sample_interval, blob1 = 'a')", value: "3", type: "UInt64" },
      { sql: "sumIf(double1, blob1 = 'none')", value: 0, type: "Float64" },
    ],
  },
  {
    ...common,
    name: "avgIf",
    usage: "avgIf(x, condition)",
    parameters: [numeric("x"), condition],
    result: () => doubleValue,
    print: callOf("avgIf"),
    examples: [
      { sql: "avgIf(double1, blob1 = 'a')", value: 2.25, type: "Float64" },
      { sql: "avgIf(double1, blob1 = 'none')", value: null, type: "Float64" },
    ],
  },
];

import { booleanValue, countValue, stringValue } from "../types.ts";
import type { AeType } from "../types.ts";
import { callOf } from "./definition.ts";
import type { FunctionDefinition, ParameterDefinition } from "./definition.ts";

const text = (name: string): ParameterDefinition => ({ name, types: ["String"] });
const integer = (name: string): ParameterDefinition => ({ name, types: ["Integer"] });
const printable: readonly AeType[] = [
  "Integer",
  "Double",
  "String",
  "DateTime",
  "Date",
  "Boolean",
  "Interval",
];
const common = { group: "String", status: "documented" } as const;

export const stringFunctions: readonly FunctionDefinition[] = [
  {
    ...common,
    name: "length",
    usage: "length(s)",
    parameters: [text("s")],
    result: () => countValue,
    print: callOf("lengthUTF8"),
    examples: [{ sql: "length('naïve')", value: "5", type: "UInt64" }],
    note: "counts characters, not bytes",
  },
  {
    ...common,
    name: "empty",
    usage: "empty(s)",
    parameters: [text("s")],
    result: () => booleanValue,
    print: callOf("empty"),
    examples: [{ sql: "if(empty(''), 'empty', 'not')", value: "empty" }],
  },
  ...(["lower", "upper"] as const).map((name): FunctionDefinition => ({
    ...common,
    name,
    usage: `${name}(s)`,
    parameters: [text("s")],
    result: () => stringValue,
    print: callOf(name),
    examples: [
      name === "lower"
        ? { sql: "lower('ABC É')", value: "abc É", type: "String" }
        : { sql: "upper('abc é')", value: "ABC é", type: "String" },
    ],
    note: `letters of ASCII only; ${name}UTF8 knows the others`,
  })),
  {
    ...common,
    name: "lowerUTF8",
    aliases: ["toLower"],
    usage: "lowerUTF8(s) or toLower(s)",
    parameters: [text("s")],
    result: () => stringValue,
    print: callOf("lowerUTF8"),
    examples: [
      { sql: "lowerUTF8('ABC É')", value: "abc é", type: "String" },
      { sql: "toLower('ABC')", value: "abc", type: "String" },
    ],
  },
  {
    ...common,
    name: "upperUTF8",
    aliases: ["toUpper"],
    usage: "upperUTF8(s) or toUpper(s)",
    parameters: [text("s")],
    result: () => stringValue,
    print: callOf("upperUTF8"),
    examples: [
      { sql: "upperUTF8('abc é')", value: "ABC É", type: "String" },
      { sql: "toUpper('abc')", value: "ABC", type: "String" },
    ],
  },
  ...(["startsWith", "endsWith"] as const).map((name): FunctionDefinition => ({
    ...common,
    name,
    usage: `${name}(s, part)`,
    parameters: [text("s"), text("part")],
    result: () => booleanValue,
    print: callOf(name),
    examples: [
      {
        sql: `if(${name}('prefix suffix', '${name === "startsWith" ? "prefix" : "suffix"}'), 1, 0)`,
        value: 1,
      },
    ],
  })),
  {
    ...common,
    name: "position",
    usage: "position(needle IN haystack)",
    parameters: [text("needle"), text("haystack")],
    result: () => countValue,
    print: ({ args }) => `positionUTF8(${args[1] ?? ""}, ${args[0] ?? ""})`,
    examples: [
      { sql: "position(':' IN 'hello: world')", value: "6", type: "UInt64" },
      { sql: "position('x' IN 'hello')", value: "0", type: "UInt64" },
    ],
    note: "counts characters, as substring does",
  },
  {
    ...common,
    name: "substring",
    usage: "substring(s, offset[, length])",
    parameters: [text("s"), integer("offset"), { ...integer("length"), optional: true }],
    result: () => stringValue,
    print: callOf("substringUTF8"),
    examples: [
      { sql: "substring('hello world', 7)", value: "world", type: "String" },
      { sql: "substring('naïve', 3, 2)", value: "ïv", type: "String" },
      {
        sql: "substring('hello: world', 1, position(':' IN 'hello: world') - 1)",
        value: "hello",
        type: "String",
      },
    ],
    note: "the first character is 1",
  },
  {
    ...common,
    name: "format",
    usage: "format(pattern, x, …)",
    parameters: [
      { ...text("pattern"), literal: true },
      { name: "x", types: printable, optional: true, repeated: true },
    ],
    result: () => stringValue,
    print: ({ args, plans }) => {
      const printed = args.map((arg, index) =>
        plans[index]?.type === "String" ? arg : `toString(${arg})`,
      );
      return printed.length === 1 ? (printed[0] ?? "") : `format(${printed.join(", ")})`;
    },
    examples: [
      { sql: "format('{}/{}', 'a', 1.5)", value: "a/1.5", type: "String" },
      { sql: "format('plain')", value: "plain", type: "String" },
    ],
    note: "the pattern is a literal and has no braces but its {}; it replaces concat",
  },
];

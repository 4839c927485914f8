import {
  bitwiseType,
  doubleValue,
  integerDivisionType,
  integerValue,
  numericTypes,
  stringValue,
} from "../types.ts";
import type { AeType } from "../types.ts";
import { callOf, firstType, typeAt } from "./definition.ts";
import type { Example, FunctionDefinition, ParameterDefinition } from "./definition.ts";

const numeric = (name: string): ParameterDefinition => ({ name, types: numericTypes });
const integer = (name: string): ParameterDefinition => ({ name, types: ["Integer"] });
const encodable: readonly AeType[] = ["Integer", "Double", "String"];

const conditional = { group: "Conditional", status: "documented" } as const;
const math = { group: "Mathematical", status: "documented" } as const;
const bit = { group: "Bit", status: "documented" } as const;
const encoding = { group: "Encoding", status: "documented" } as const;
const conversion = { group: "Type conversion", status: "documented" } as const;

/** A bitwise function of two integers, whose answer has the larger one's size. */
function bitwise(name: string, second: string, examples: readonly Example[]): FunctionDefinition {
  return {
    ...bit,
    name,
    usage: `${name}(a, ${second})`,
    parameters: [integer("a"), integer(second)],
    result: (args) => bitwiseType(typeAt(args, 0), typeAt(args, 1)),
    print: callOf(name),
    examples,
  };
}

export const conditionalFunctions: readonly FunctionDefinition[] = [
  {
    ...conditional,
    name: "if",
    usage: "if(condition, then, else)",
    parameters: [
      { name: "condition", types: ["Boolean"] },
      {
        name: "then",
        types: ["Integer", "Double", "String", "DateTime", "Date", "Boolean", "Null"],
      },
      {
        name: "else",
        types: ["Integer", "Double", "String", "DateTime", "Date", "Boolean", "Null"],
      },
    ],
    // The checker gives `if` its result, since it has to compare the branches first.
    result: (args) => typeAt(args, 1),
    print: callOf("if"),
    examples: [
      { sql: "if(1 = 1, 'yes', 'no')", value: "yes", type: "String" },
      { sql: "if(1 = 2, 1.5, 2.0)", value: 2, type: "Float64" },
    ],
    note: "both branches must have one type: 0.0 beside a double column, not 0 and not NULL",
  },
];

export const mathFunctions: readonly FunctionDefinition[] = [
  {
    ...math,
    name: "intDiv",
    usage: "intDiv(a, b)",
    parameters: [numeric("a"), numeric("b")],
    result: (args) => integerDivisionType(typeAt(args, 0), typeAt(args, 1)),
    print: callOf("intDiv"),
    examples: [{ sql: "intDiv(7, 2)", value: 3 }],
  },
  {
    ...math,
    name: "log",
    aliases: ["ln"],
    usage: "log(x)",
    parameters: [numeric("x")],
    result: () => doubleValue,
    print: callOf("log"),
    examples: [
      { sql: "log(1)", value: 0, type: "Float64" },
      { sql: "ln(1.0)", value: 0, type: "Float64" },
    ],
  },
  {
    ...math,
    name: "pow",
    usage: "pow(x, y)",
    parameters: [numeric("x"), numeric("y")],
    result: () => doubleValue,
    print: callOf("pow"),
    examples: [{ sql: "pow(2, 10)", value: 1024, type: "Float64" }],
  },
  ...(["round", "floor", "ceil"] as const).map((name): FunctionDefinition => ({
    ...math,
    name,
    usage: `${name}(x[, n])`,
    parameters: [numeric("x"), { ...integer("n"), optional: true, literal: true }],
    result: firstType,
    print: callOf(name),
    examples: [
      { sql: `${name}(5.5)`, value: name === "floor" ? 5 : 6, type: "Float64" },
      { sql: `${name}(3.14, 1)`, value: name === "ceil" ? 3.2 : 3.1, type: "Float64" },
    ],
  })),
];

export const bitFunctions: readonly FunctionDefinition[] = [
  bitwise("bitAnd", "b", [{ sql: "bitAnd(1, 3)", value: 1 }]),
  bitwise("bitOr", "b", [{ sql: "bitOr(1, 2)", value: 3 }]),
  bitwise("bitXor", "b", [{ sql: "bitXor(3, 3)", value: 0 }]),
  {
    ...bit,
    name: "bitNot",
    usage: "bitNot(a)",
    parameters: [integer("a")],
    result: firstType,
    print: callOf("bitNot"),
    examples: [{ sql: "bitNot(1)", value: 254 }],
  },
  {
    ...bit,
    name: "bitCount",
    usage: "bitCount(a)",
    parameters: [numeric("a")],
    result: () => integerValue("UInt8"),
    print: callOf("bitCount"),
    examples: [{ sql: "bitCount(7)", value: 3 }],
    note: "of a double: the bits of its IEEE 754 form",
  },
  {
    ...bit,
    name: "bitHammingDistance",
    usage: "bitHammingDistance(a, b)",
    parameters: [integer("a"), integer("b")],
    result: () => integerValue("UInt8"),
    print: callOf("bitHammingDistance"),
    examples: [{ sql: "bitHammingDistance(3, 0)", value: 2 }],
  },
  bitwise("bitRotateLeft", "n", [{ sql: "bitRotateLeft(128, 1)", value: 1 }]),
  bitwise("bitRotateRight", "n", [{ sql: "bitRotateRight(1, 1)", value: 128 }]),
  bitwise("bitShiftLeft", "n", [{ sql: "bitShiftLeft(128, 1)", value: 0 }]),
  bitwise("bitShiftRight", "n", [{ sql: "bitShiftRight(12, 2)", value: 3 }]),
  {
    ...bit,
    name: "bitTest",
    usage: "bitTest(a, n)",
    parameters: [numeric("a"), integer("n")],
    result: () => integerValue("UInt8"),
    print: ({ args, plans }) =>
      plans[0]?.type === "Double"
        ? `bitTest(toInt64(${args[0] ?? ""}), ${args[1] ?? ""})`
        : callOf("bitTest")({ args, plans, parameter: undefined }),
    examples: [
      { sql: "bitTest(3, 1)", value: 1 },
      { sql: "if(bitTest(2.0, 1), 'set', 'not')", value: "set" },
    ],
    note: "may stand where a condition is expected; of a double: the bits of its whole part",
  },
];

export const encodingFunctions: readonly FunctionDefinition[] = [
  {
    ...encoding,
    name: "bin",
    usage: "bin(x)",
    parameters: [{ name: "x", types: encodable }],
    result: () => stringValue,
    print: callOf("bin"),
    examples: [{ sql: "bin('a')", value: "01100001", type: "String" }],
  },
  {
    ...encoding,
    name: "hex",
    usage: "hex(x)",
    parameters: [{ name: "x", types: encodable }],
    result: () => stringValue,
    print: callOf("hex"),
    examples: [{ sql: "hex('abc')", value: "616263", type: "String" }],
  },
];

export const conversionFunctions: readonly FunctionDefinition[] = (
  ["UInt8", "UInt32"] as const
).map((stored): FunctionDefinition => ({
  ...conversion,
  name: `to${stored}`,
  usage: `to${stored}(x)`,
  parameters: [
    {
      name: "x",
      types: [
        "Integer",
        "Double",
        "String",
        ...(stored === "UInt32" ? (["DateTime"] as const) : []),
      ],
    },
  ],
  result: () => integerValue(stored),
  print: callOf(`to${stored}`),
  examples: [
    { sql: `to${stored}('12')`, value: 12, type: stored },
    { sql: `to${stored}(12.75)`, value: 12, type: stored },
  ],
}));

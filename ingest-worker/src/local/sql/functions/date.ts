import type { Plan } from "../plan.ts";
import { quoteString } from "../quote.ts";
import {
  dateTimeIn,
  dateTimeValue,
  dateValue,
  integerValue,
  stringValue,
  zoneOf,
} from "../types.ts";
import type { AeType, ValueType } from "../types.ts";
import { callOf, typeAt } from "./definition.ts";
import type { FunctionDefinition, ParameterDefinition } from "./definition.ts";

const common = { group: "Date and time", status: "documented" } as const;
const dates: readonly AeType[] = ["DateTime", "Date"];
const moment: ParameterDefinition = { name: "datetime", types: dates };
const zone: ParameterDefinition = {
  name: "time zone",
  types: ["String"],
  optional: true,
  literal: true,
};

/** The time zone written as argument `index`, else the one that the first argument has. */
function zoneAt(args: readonly Plan[], index: number): string | undefined {
  const plan = args[index];
  if (plan?.kind === "string") return plan.value;
  return zoneOf(typeAt(args, 0).stored);
}

/**
 * ClickHouse cuts to weeks, months and years as a Date; the documentation has a DateTime, so the
 * start of the day in the same zone is printed.
 */
function asDateTime(printed: string, zone: string | undefined): string {
  return `toDateTime(${printed}${zone === undefined ? "" : `, ${quoteString(zone)}`})`;
}

function startOf(unit: string, value: string): FunctionDefinition {
  const name = `toStartOf${unit}`;
  const coarse = ["Year", "Month", "Week"].includes(unit);
  const argument = unit === "Week" ? ", 1" : "";
  return {
    ...common,
    name,
    usage: `${name}(datetime)`,
    parameters: [moment],
    result: (args) => dateTimeIn(zoneAt(args, 1)),
    print: ({ args, plans }) => {
      const zone = zoneAt(plans, 1);
      // A Date has no hours to cut off, and ClickHouse's finer functions refuse it.
      const operand =
        plans[0]?.type === "Date" && !coarse ? asDateTime(args[0] ?? "", zone) : (args[0] ?? "");
      const printed = `${name}(${operand}${argument})`;
      return coarse ? asDateTime(printed, zone) : printed;
    },
    examples: [{ sql: `${name}(toDateTime('2025-10-29 16:55:25'))`, value, type: "DateTime" }],
  };
}

function part(name: string, stored: string, value: unknown): FunctionDefinition {
  return {
    ...common,
    name,
    usage: `${name}(datetime)`,
    parameters: [moment],
    result: () => integerValue(stored),
    print: ({ args, plans }) =>
      `${name}(${plans[0]?.type === "Date" ? asDateTime(args[0] ?? "", undefined) : (args[0] ?? "")})`,
    examples: [{ sql: `${name}(toDateTime('2025-10-27 09:11:13'))`, value, type: stored }],
  };
}

/** Intervals of days and more begin at a midnight of some zone; ClickHouse gives a Date for most. */
function intervalStart(args: readonly Plan[]): ValueType {
  return dateTimeIn(zoneAt(args, 2));
}

export const dateFunctions: readonly FunctionDefinition[] = [
  {
    ...common,
    name: "now",
    usage: "now()",
    parameters: [],
    result: () => dateTimeValue,
    print: callOf("now"),
    examples: [{ sql: "if(now() > toDateTime('2020-01-01 00:00:00'), 1, 0)", value: 1 }],
  },
  {
    ...common,
    name: "today",
    usage: "today()",
    parameters: [],
    result: () => dateValue,
    print: callOf("today"),
    examples: [{ sql: "if(today() <= now(), 1, 0)", value: 1 }],
  },
  {
    ...common,
    name: "toDateTime",
    usage: "toDateTime(x[, time zone])",
    parameters: [{ name: "x", types: ["Integer", "Double", "String", "DateTime", "Date"] }, zone],
    result: (args) => dateTimeIn(zoneAt(args, 1)),
    print: callOf("toDateTime"),
    examples: [
      { sql: "toDateTime(355924804)", value: "1981-04-12 12:00:04", type: "DateTime" },
      { sql: "toDateTime('355924804')", value: "1981-04-12 12:00:04", type: "DateTime" },
      { sql: "toDateTime('1981-04-12 12:00:04')", value: "1981-04-12 12:00:04", type: "DateTime" },
      { sql: "toDateTime(86400.5)", value: "1970-01-02 00:00:00", type: "DateTime" },
      {
        sql: "toUnixTimestamp(toDateTime('2022-12-01 16:17:00', 'America/New_York'))",
        value: 1669929420,
      },
    ],
    note: "a text is 'YYYY-MM-DD hh:mm:ss' (T may stand for the space), without fractions or Z",
  },
  {
    ...common,
    name: "formatDateTime",
    usage: "formatDateTime(datetime, format[, time zone])",
    parameters: [moment, { name: "format", types: ["String"], literal: true }, zone],
    result: () => stringValue,
    print: callOf("formatDateTime"),
    examples: [
      {
        sql: "formatDateTime(toDateTime('2022-12-01 16:17:00'), '%Y-%m-%d %H')",
        value: "2022-12-01 16",
        type: "String",
      },
      {
        sql: "formatDateTime(toDateTime('2022-12-01 22:17:00', 'America/New_York'), '%Y-%m-%d', 'Etc/UTC')",
        value: "2022-12-02",
        type: "String",
      },
    ],
  },
  {
    ...common,
    name: "toUnixTimestamp",
    usage: "toUnixTimestamp(datetime)",
    parameters: [moment],
    result: () => integerValue("UInt32"),
    print: callOf("toUnixTimestamp"),
    examples: [
      {
        sql: "toUnixTimestamp(toDateTime('1981-04-12 12:00:04'))",
        value: 355924804,
        type: "UInt32",
      },
    ],
  },
  {
    ...common,
    name: "toStartOfInterval",
    usage: "toStartOfInterval(datetime, INTERVAL 'n' unit[, time zone])",
    parameters: [moment, { name: "interval", types: ["Interval"] }, zone],
    result: intervalStart,
    print: ({ args, plans }) => {
      const zone = zoneAt(plans, 2);
      const operand = plans[0]?.type === "Date" ? asDateTime(args[0] ?? "", zone) : (args[0] ?? "");
      const printed = `toStartOfInterval(${[operand, ...args.slice(1)].join(", ")})`;
      return /^Interval(?:Week|Month|Year)$/.test(plans[1]?.stored ?? "")
        ? asDateTime(printed, zone)
        : printed;
    },
    examples: [
      {
        sql: "toStartOfInterval(toDateTime('2025-10-29 16:55:25'), INTERVAL '15' MINUTE)",
        value: "2025-10-29 16:45:00",
        type: "DateTime",
      },
      {
        sql: "toStartOfInterval(toDateTime('2025-10-29 16:55:25'), INTERVAL '1' MONTH)",
        value: "2025-10-01 00:00:00",
        type: "DateTime",
      },
    ],
  },
  startOf("Year", "2025-01-01 00:00:00"),
  startOf("Month", "2025-10-01 00:00:00"),
  startOf("Week", "2025-10-27 00:00:00"),
  startOf("Day", "2025-10-29 00:00:00"),
  startOf("Hour", "2025-10-29 16:00:00"),
  startOf("FifteenMinutes", "2025-10-29 16:45:00"),
  startOf("TenMinutes", "2025-10-29 16:50:00"),
  startOf("FiveMinutes", "2025-10-29 16:55:00"),
  startOf("Minute", "2025-10-29 16:55:00"),
  part("toYear", "UInt16", 2025),
  part("toMonth", "UInt8", 10),
  part("toDayOfMonth", "UInt8", 27),
  part("toDayOfWeek", "UInt8", 1),
  part("toHour", "UInt8", 9),
  part("toMinute", "UInt8", 11),
  part("toSecond", "UInt8", 13),
  part("toYYYYMM", "UInt32", 202510),
  ...(["Year", "Month", "Day", "Hour", "Minute", "Second"] as const).map(
    (unit): FunctionDefinition => ({
      ...common,
      name: `toInterval${unit}`,
      status: "observed",
      usage: `toInterval${unit}(n)`,
      parameters: [{ name: "n", types: ["Integer"] }],
      result: () => ({ type: "Interval", stored: `Interval${unit}` }),
      print: callOf(`toInterval${unit}`),
      examples: [
        {
          sql: `if(toDateTime('2025-10-27 09:11:13') - toInterval${unit}(1) < toDateTime('2025-10-27 09:11:13'), 1, 0)`,
          value: 1,
        },
      ],
      note: "undocumented, seen to work",
    }),
  ),
  {
    ...common,
    name: "toDate",
    status: "disputed",
    usage: "toDate(datetime)",
    parameters: [{ name: "datetime", types: [...dates, "String"] }],
    result: () => dateValue,
    print: callOf("toDate"),
    examples: [
      { sql: "toDate(toDateTime('2025-10-27 09:11:13'))", value: "2025-10-27", type: "Date" },
    ],
    note: "undocumented, and seen both to work and to be refused: accepted with strict off only",
  },
];

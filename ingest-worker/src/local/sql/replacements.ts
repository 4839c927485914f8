/** What to write instead of functions of ClickHouse or SQL that production does not know. */
export const replacements: Readonly<Record<string, string>> = {
  ABS: "if(x < 0, -x, x)",
  ANY: "first_value(x), or argMax(x, timestamp) for the latest",
  ANYLAST: "last_value(x), or argMax(x, timestamp) for the latest",
  ARRAYJOIN: "there are no arrays to take apart: GROUP BY the column",
  AVGWEIGHTED: "sum(x * _sample_interval) / sum(_sample_interval)",
  CHAR_LENGTH: "length(s)",
  COALESCE: "no column is ever NULL: if(blob1 = '', 'x', blob1)",
  CONCAT: "format('{}{}', a, b)",
  DATE: "toStartOfDay(timestamp), or formatDateTime(timestamp, '%Y-%m-%d')",
  DATEDIFF: "toUnixTimestamp(b) - toUnixTimestamp(a)",
  DATE_TRUNC: "toStartOfInterval(timestamp, INTERVAL '1' HOUR)",
  EXP: "pow(2.718281828459045, x)",
  GREATEST: "if(a > b, a, b)",
  GROUPARRAY: "topK(n)(x), or GROUP BY x and read the rows",
  GROUPUNIQARRAY: "topK(n)(x), or GROUP BY x and read the rows",
  IFNULL: "no column is ever NULL: if(blob1 = '', 'x', blob1)",
  LEAST: "if(a < b, a, b)",
  LEFT: "substring(s, 1, n)",
  MATCH: "LIKE or ILIKE, with % and _",
  MAX2: "if(a > b, a, b)",
  MAXIF: "max(if(condition, x, 0.0)), or WHERE",
  MEDIAN: "quantileExactWeighted(0.5)(x, _sample_interval)",
  MINIF: "WHERE, or min(if(condition, x, 1e9))",
  MOD: "a % b",
  MULTIIF: "nested if(condition, then, else)",
  NOW64: "now()",
  NULLIF: "there is no NULL: if(y = 0.0, 0.0, x / y)",
  PARSEDATETIMEBESTEFFORT: "toDateTime(x), of 'YYYY-MM-DD hh:mm:ss' or seconds",
  QUANTILE: "quantileExactWeighted(0.95)(x, _sample_interval)",
  QUANTILEEXACT: "quantileExactWeighted(0.95)(x, _sample_interval)",
  QUANTILES: "one quantileExactWeighted(level)(x, _sample_interval) a level",
  REPLACEALL: "write the text as you need it, or replace in code",
  SQRT: "pow(x, 0.5)",
  STDDEVPOP: "pow(avg(x * x) - pow(avg(x), 2), 0.5), with avg weighed by _sample_interval",
  STDDEVSAMP: "pow(avg(x * x) - pow(avg(x), 2), 0.5), with avg weighed by _sample_interval",
  SUBSTR: "substring(s, offset, length)",
  TODATE: "toStartOfDay(timestamp), or formatDateTime(timestamp, '%Y-%m-%d')",
  TODATETIME64: "toDateTime(x)",
  TOFLOAT64: "a double is a Float64 already; x * 1.0 makes one of an integer",
  TOINT32: "toUInt32(x)",
  TOINT64: "toUInt32(x), or intDiv(x, 1)",
  TOSTARTOFQUARTER: "toStartOfInterval(timestamp, INTERVAL '3' MONTH)",
  TOSTRING: "format('{}', x)",
  TOUINT32ORZERO: "toUInt32(x), with a WHERE that keeps numbers only",
  TOUINT64: "toUInt32(x), or intDiv(x, 1)",
  TRIM: "trim the text before it is written",
  UNIQ: "count(DISTINCT column)",
  UNIQCOMBINED: "count(DISTINCT column)",
  UNIQEXACT: "count(DISTINCT column)",
  VARPOP: "avg(x * x) - pow(avg(x), 2), with avg weighed by _sample_interval",
  VARSAMP: "avg(x * x) - pow(avg(x), 2), with avg weighed by _sample_interval",
  YESTERDAY: "today() - INTERVAL '1' DAY",
};

/** The cure for an unknown function. */
export function replacementFor(name: string): string {
  const upper = name.toUpperCase();
  const known =
    replacements[upper] ?? (upper.startsWith("UNIQ") ? replacements["UNIQ"] : undefined);
  if (known !== undefined) return `write instead: ${known}`;
  if (upper.startsWith("JSON"))
    return "JSON is not parsed: write each field to a blob or double of its own";
  return "the documented functions are the only ones there are";
}

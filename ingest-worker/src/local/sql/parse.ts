import type { ILexingError, IRecognitionException, IToken, TokenType } from "chevrotain";
import { spanOf } from "./build-tree.ts";
import { Grammar } from "./grammar.ts";
import { maxNestingDepth, maxQueryLength } from "./limits.ts";
import { foundText } from "./parser-messages.ts";
import { Refusal } from "./refusal.ts";
import type { Span } from "./refusal.ts";
import * as t from "./tokens.ts";
import type { Statement } from "./tree.ts";

let grammar: Grammar | undefined;

/**
 * Parses one statement. Throws a `Refusal` and nothing else, whatever the text is. In `strict` mode
 * a query's length counts in bytes of UTF-8, else in characters: production's unit is not known.
 */
export function parseStatement(sql: string, strict: boolean): Statement {
  refuseLength(sql, strict);
  const { tokens, errors } = t.lexer.tokenize(sql);
  const [error] = errors;
  if (error !== undefined) throw lexerRefusal(sql, tokens, error);
  refuseOpenComment(tokens);
  refuseDepth(tokens);
  refuseOtherStatements(tokens[0]);
  grammar ??= new Grammar();
  grammar.sql = sql;
  grammar.strict = strict;
  grammar.input = tokens;
  const statement = grammar.statement();
  const [failure] = grammar.errors;
  if (failure !== undefined) throw parserRefusal(failure, sql);
  return statement;
}

function refuseLength(sql: string, strict: boolean): void {
  const length = strict ? new TextEncoder().encode(sql).length : Array.from(sql).length;
  if (length <= maxQueryLength) return;
  throw new Refusal(
    `SQL was excessively long, exceeded maximum length: ${maxQueryLength}`,
    `the query has ${length}: shorten its lists, or ask in several queries`,
  );
}

function refuseOpenComment(tokens: readonly IToken[]): void {
  const token = tokens.find((candidate) => candidate.tokenType === t.OpenComment);
  if (token === undefined) return;
  throw new Refusal(
    "sql parser error: Unexpected EOF while in a multi-line comment",
    "close the comment with */",
    spanOf(token),
  );
}

/** The parser recurses into parentheses, so their depth is counted before it starts. */
function refuseDepth(tokens: readonly IToken[]): void {
  let depth = 0;
  for (const token of tokens) {
    if ([t.LeftParen, t.LeftBracket, t.Case].includes(token.tokenType)) depth += 1;
    if ([t.RightParen, t.RightBracket, t.End].includes(token.tokenType)) depth -= 1;
    if (depth > maxNestingDepth) {
      throw new Refusal(
        `sql parser error: the query is nested too deeply, exceeded maximum depth: ${maxNestingDepth}`,
        "take parentheses away, or split the expression over several columns",
        spanOf(token),
      );
    }
  }
}

function refuseOtherStatements(first: IToken | undefined): void {
  if (first === undefined) {
    throw new Refusal(
      "sql parser error: Expected an SQL statement, found: EOF",
      "send the query as the body, as plain text",
    );
  }
  if (first.tokenType === t.Select || first.tokenType === t.Show) return;
  if (first.tokenType === t.With) {
    throw new Refusal(
      "common table expressions (WITH) are not supported",
      "write the inner query as a subquery in FROM, one level deep",
      spanOf(first),
    );
  }
  if (
    /^(?:drop|insert|create|alter|delete|update|truncate|set|use|describe|explain|grant)$/i.test(
      first.image,
    )
  ) {
    throw new Refusal(
      `unsupported statement: ${first.image.toUpperCase()}`,
      "the SQL API reads only: write SELECT, SHOW TABLES, SHOW TIMEZONES or SHOW TIMEZONE",
      spanOf(first),
    );
  }
  throw new Refusal(
    `sql parser error: Expected an SQL statement, found: ${first.image}`,
    "the body must be the query itself, not JSON and not a form: begin with SELECT or SHOW",
    spanOf(first),
  );
}

function parserRefusal(failure: IRecognitionException, sql: string): Refusal {
  const { token, message } = failure;
  const at: Span = token.image === "" ? endOf(sql) : spanOf(token);
  if (t.setTokens.has(token.tokenType)) {
    return new Refusal(
      `${token.image.toUpperCase()} is not supported`,
      "run the queries one by one",
      at,
    );
  }
  return new Refusal(`sql parser error: ${message}`, parserHint(failure, sql), at);
}

/** What a token means that stands where the statement should have ended. */
const hintsByToken: ReadonlyMap<TokenType, string> = new Map([
  [t.Minus, 'a dataset whose name has a hyphen needs double quotes: FROM "my-dataset"'],
  [t.Dot, "a dataset has no database or schema before its name"],
  [t.LeftParen, "after FROM stands a dataset or (SELECT …): there are no table functions"],
  [t.LeftBracket, "there are no arrays: blobs are the columns blob1 to blob20"],
  [t.StringLiteral, "a string stands here where none is expected; names take double quotes"],
  [t.Semicolon, "send one statement at a time"],
  [t.With, "there are no totals: ask for them in a query of their own"],
  [t.Comma, "LIMIT has one number: write LIMIT 10 OFFSET 5"],
  [t.Select, "send one statement at a time"],
]);

/** What to do about ClickHouse's own clauses, whose first word reads like an alias. */
const hintsByWordBefore: ReadonlyMap<string, string> = new Map([
  ["FILTER", "write countIf(condition), sumIf(x, condition) or avgIf(x, condition)"],
  ["PREWHERE", "write WHERE"],
  ["SAMPLE", "sampling is done for you: weigh rows by _sample_interval"],
  ["SETTINGS", "a query has no settings: leave them out"],
]);

/** As far back as a word is looked for that stands before a place. */
const longestWord = 100;

const clauseOrder =
  "the clauses come in this order: SELECT, FROM, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, FORMAT";

function parserHint({ token, name, message }: IRecognitionException, sql: string): string {
  if (foundText(token) === "EOF") return "the query ends too early";
  if (name === "NotAllInputParsedException") return endHint(token, sql);
  if (token.tokenType === t.StringLiteral)
    return "a text stands here where a name or sign belongs; names take double quotes";
  const expected = /^Expected (.*), found:/s.exec(message)?.[1] ?? "something else";
  const asName = t.reservedWords.has(token.tokenType)
    ? `; as a name, ${token.image} needs double quotes`
    : "";
  return `${expected} belongs before ${token.image}${asName}`;
}

/** About a token that stands where the statement should have ended. */
function endHint(token: IToken, sql: string): string {
  const [, before = ""] =
    /(\w+)\s*$/.exec(sql.slice(0, token.startOffset).slice(-longestWord)) ?? [];
  const known = hintsByWordBefore.get(before.toUpperCase()) ?? hintsByToken.get(token.tokenType);
  return known ?? clauseOrder;
}

function lexerRefusal(sql: string, tokens: readonly IToken[], error: ILexingError): Refusal {
  const at: Span = {
    line: error.line ?? 1,
    column: error.column ?? 1,
    start: error.offset,
    end: error.offset + 1,
  };
  const found = String.fromCodePoint(sql.codePointAt(error.offset) ?? 0);
  const before = tokens.findLast((token) => token.startOffset < error.offset);
  if (found === "'" && sql.includes("\\", error.offset)) {
    return new Refusal(
      "backslash and single-quote characters in strings are unsupported",
      "a string has no escapes: leave the backslash out",
      at,
    );
  }
  if (found === "'" || found === '"') {
    return new Refusal(
      `sql parser error: Unterminated ${found === "'" ? "string literal" : "quoted identifier"}`,
      `close it with ${found}`,
      at,
    );
  }
  const expected =
    before === undefined
      ? "Expected an SQL statement"
      : before.tokenType === t.As
        ? "Expected an identifier after AS"
        : found === "`"
          ? "Expected identifier"
          : "Expected end of statement";
  return new Refusal(`sql parser error: ${expected}, found: ${found}`, lexerHint(found), at);
}

function lexerHint(found: string): string {
  switch (found) {
    case "`":
      return 'quote names with double quotes: "blob1"';
    case "$":
      return "macros and variables of a dashboard must be replaced before the query is sent";
    case "{":
      return "the body must be the query itself, as plain text";
    default:
      return "names have letters of ASCII, digits and _; anything else needs double quotes";
  }
}

function endOf(sql: string): Span {
  const before = sql.slice(0, sql.length).split("\n");
  const last = before.at(-1) ?? "";
  return { line: before.length, column: last.length + 1, start: sql.length, end: sql.length };
}

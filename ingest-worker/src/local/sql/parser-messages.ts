import { EOF, tokenLabel } from "chevrotain";
import type { IParserErrorMessageProvider, IToken } from "chevrotain";

/** The token as production's parser names it. */
export function foundText(token: IToken | undefined): string {
  return token === undefined || token.tokenType === EOF ? "EOF" : token.image;
}

/**
 * Messages in the manner of production's parser, "Expected X, found: Y". Which X it would name is
 * known for few places; the rest is by analogy.
 */
export const parserMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual, previous }) =>
    previous.image.toUpperCase() === "AS"
      ? `Expected an identifier after AS, found: ${foundText(actual)}`
      : `Expected ${describe(tokenLabel(expected))}, found: ${foundText(actual)}`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    `Expected end of statement, found: ${foundText(firstRedundant)}`,
  buildNoViableAltMessage: ({ actual, ruleName }) =>
    `Expected ${expectedIn[ruleName] ?? "an expression"}, found: ${foundText(actual[0])}`,
  buildEarlyExitMessage: ({ actual }) => `Expected an expression, found: ${foundText(actual[0])}`,
};

/** What a rule begins with, where that is no expression. */
const expectedIn: Readonly<Record<string, string>> = {
  statement: "an SQL statement",
  show: "TABLES, TIMEZONES or TIMEZONE",
  from: "a dataset or (SELECT …)",
  limits: "a number or ALL",
  interval: "literal string",
};

function describe(label: string): string {
  return ["AnyWord", "Name", "BareAlias"].includes(label) ? "identifier" : label;
}

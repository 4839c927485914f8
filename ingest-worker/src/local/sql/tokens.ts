import { createToken, Lexer } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";

/** Any bare word: what may follow AS. */
export const AnyWord = createToken({ name: "AnyWord", pattern: Lexer.NA });
/** A word that may stand for a column or function where an operand is expected. */
export const Name = createToken({ name: "Name", pattern: Lexer.NA });
/** A word that may follow an expression as its alias without AS. */
export const BareAlias = createToken({ name: "BareAlias", pattern: Lexer.NA });

const Identifier = createToken({
  name: "Identifier",
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  categories: [AnyWord, Name, BareAlias],
});
const QuotedIdentifier = createToken({
  name: "QuotedIdentifier",
  pattern: /"(?:[^"]|"")*"/,
  line_breaks: true,
  categories: [AnyWord, Name, BareAlias],
});

/** A keyword that can never be a bare name. */
function reserved(word: string): TokenType {
  return keyword(word, [AnyWord]);
}

/** A keyword that is also a fine name for a column: `hour`, `format`, `position`. */
function contextual(word: string): TokenType {
  return keyword(word, [AnyWord, Name]);
}

function keyword(word: string, categories: TokenType[]): TokenType {
  return createToken({
    name: word,
    pattern: new RegExp(word, "i"),
    longer_alt: Identifier,
    categories,
  });
}

export const Select = reserved("SELECT");
export const From = reserved("FROM");
export const Where = reserved("WHERE");
export const Group = reserved("GROUP");
export const Having = reserved("HAVING");
export const Order = reserved("ORDER");
export const By = contextual("BY");
export const Limit = reserved("LIMIT");
export const Offset = reserved("OFFSET");
export const Format = contextual("FORMAT");
export const As = reserved("AS");
export const Asc = contextual("ASC");
export const Desc = contextual("DESC");
export const And = reserved("AND");
export const Or = reserved("OR");
export const Not = reserved("NOT");
export const In = reserved("IN");
export const Between = reserved("BETWEEN");
export const Like = reserved("LIKE");
export const Ilike = reserved("ILIKE");
export const Is = reserved("IS");
export const Null = reserved("NULL");
export const True = reserved("TRUE");
export const False = reserved("FALSE");
export const Distinct = reserved("DISTINCT");
export const All = contextual("ALL");
export const Interval = contextual("INTERVAL");
export const Case = reserved("CASE");
export const When = reserved("WHEN");
export const Then = reserved("THEN");
export const Else = reserved("ELSE");
export const End = contextual("END");
export const Cast = contextual("CAST");
export const Extract = contextual("EXTRACT");
export const Position = contextual("POSITION");
export const Over = reserved("OVER");
export const Show = contextual("SHOW");
export const Tables = contextual("TABLES");
export const Timezones = contextual("TIMEZONES");
export const Timezone = contextual("TIMEZONE");
export const With = reserved("WITH");
const Union = reserved("UNION");
const Except = reserved("EXCEPT");
const Intersect = reserved("INTERSECT");
const Join = reserved("JOIN");
const Inner = reserved("INNER");
const Left = contextual("LEFT");
const Right = contextual("RIGHT");
const Full = reserved("FULL");
const Cross = reserved("CROSS");

/** A string with its escapes, which are refused afterwards with production's words. */
export const StringLiteral = createToken({
  name: "StringLiteral",
  pattern: /'(?:[^'\\]|\\[\s\S]|'')*'/,
  line_breaks: true,
});
/** Any number, with the letters that may wrongly follow it: the grammar's action judges it. */
export const NumberLiteral = createToken({
  name: "NumberLiteral",
  pattern: /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\w*/,
});

const symbol = (name: string, pattern: RegExp): TokenType => createToken({ name, pattern });
export const LeftParen = symbol("(", /\(/);
export const RightParen = symbol(")", /\)/);
export const LeftBracket = symbol("[", /\[/);
export const RightBracket = symbol("]", /\]/);
export const Comma = symbol(",", /,/);
export const Dot = symbol(".", /\./);
export const Semicolon = symbol(";", /;/);
export const Plus = symbol("+", /\+/);
export const Minus = symbol("-", /-/);
export const Star = symbol("*", /\*/);
export const Slash = symbol("/", /\//);
export const Percent = symbol("%", /%/);
export const Comparison = symbol("comparison operator", /<=|>=|<>|!=|=|<|>/);
export const Concat = symbol("||", /\|\|/);
export const DoubleColon = symbol("::", /::/);

/** A comment without its end: a token of its own, so that it can be refused as what it is. */
export const OpenComment = symbol("comment", /\/\*/);

const skipped = [
  createToken({ name: "Space", pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true }),
  createToken({ name: "LineComment", pattern: /--[^\n]*/, group: Lexer.SKIPPED }),
  createToken({
    name: "BlockComment",
    pattern: /\/\*[\s\S]*?\*\//,
    group: Lexer.SKIPPED,
    line_breaks: true,
  }),
];

/** Every token, in the order in which the lexer tries them: INTERVAL before IN, ASC before AS. */
export const allTokens: TokenType[] = [
  [...skipped, OpenComment],
  [AnyWord, Name, BareAlias],
  [Select, From, Where, Group, Having, Order, By, Limit, Offset, Format, Asc, As, Desc, And, Or],
  [Not, Interval, Intersect, Inner, In, Between, Like, Ilike, Is, Null, True, False, Distinct],
  [All, Case, When, Then, Else, End, Cast, Extract, Position, Over, Show, Tables, Timezones],
  [Timezone, With, Union, Except, Join, Left, Right, Full, Cross],
  [Identifier, QuotedIdentifier, StringLiteral, NumberLiteral],
  [LeftParen, RightParen, LeftBracket, RightBracket, Comma, Dot, Semicolon],
  [Plus, Minus, Star, Slash, Percent, Comparison, Concat, DoubleColon],
].flat();

/** The keywords that cannot be names without quotes. */
export const reservedWords: ReadonlySet<TokenType> = new Set(
  allTokens.filter(
    (token) => token.CATEGORIES?.includes(AnyWord) === true && !token.CATEGORIES.includes(Name),
  ),
);

/** The tokens that open a join after a table. */
export const joinTokens: ReadonlySet<TokenType> = new Set([
  Join,
  Inner,
  Left,
  Right,
  Full,
  Cross,
  Comma,
]);
/** The tokens that would combine two queries. */
export const setTokens: ReadonlySet<TokenType> = new Set([Union, Except, Intersect]);

export const lexer = new Lexer(allTokens, { positionTracking: "full", ensureOptimizations: true });

/** The name that a word stands for: as written, or without its double quotes. */
export function wordOf(token: IToken): string {
  if (token.tokenType !== QuotedIdentifier) return token.image;
  return token.image.slice(1, -1).replaceAll('""', '"');
}

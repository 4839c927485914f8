import { EmbeddedActionsParser } from "chevrotain";
import type { IOrAlt, IToken, ParserMethod } from "chevrotain";
import { depthOver, spanOf, stringValue, textAt, unitOf } from "./build-tree.ts";
import { maxTreeDepth } from "./limits.ts";
import { parserMessages } from "./parser-messages.ts";
import { Refusal } from "./refusal.ts";
import type { Span } from "./refusal.ts";
import * as t from "./tokens.ts";
import type { Expression, UnsupportedSyntax } from "./tree.ts";

/** The part of the grammar that knows operands: literals, names, calls, parentheses. */
export abstract class OperandGrammar extends EmbeddedActionsParser {
  /** The query that is being parsed: the text of a refused construct is cut out of it. */
  sql = "";
  strict = true;

  constructor() {
    super(t.allTokens, {
      maxLookahead: 2,
      recoveryEnabled: false,
      errorMessageProvider: parserMessages,
    });
  }

  abstract readonly expression: ParserMethod<[], Expression>;
  abstract readonly sum: ParserMethod<[], Expression>;

  primary = this.RULE("primary", (): Expression =>
    this.OR<IOrAlt<Expression>[]>({
      // The words that open a construct are names too, so the order of the alternatives decides.
      IGNORE_AMBIGUITIES: true,
      DEF: [
        { ALT: () => this.SUBRULE(this.literal) },
        { ALT: () => this.SUBRULE(this.interval) },
        { ALT: () => this.SUBRULE(this.parenthesised) },
        { ALT: () => this.SUBRULE(this.caseWhen) },
        { ALT: () => this.SUBRULE(this.cast) },
        { ALT: () => this.SUBRULE(this.extract) },
        { ALT: () => this.SUBRULE(this.position) },
        { ALT: () => this.SUBRULE(this.nameOrCall) },
      ],
    }),
  );

  literal = this.RULE("literal", (): Expression =>
    this.OR<IOrAlt<Expression>[]>([
      {
        ALT: () => {
          const token = this.CONSUME(t.NumberLiteral);
          return this.ACTION(() => ({ kind: "number", text: token.image, ...leaf(token) }));
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(t.StringLiteral);
          return this.ACTION(() => ({
            kind: "string",
            value: stringValue(token, this.strict),
            ...leaf(token),
          }));
        },
      },
      { ALT: () => ({ kind: "boolean", value: true, ...leaf(this.CONSUME(t.True)) }) },
      { ALT: () => ({ kind: "boolean", value: false, ...leaf(this.CONSUME(t.False)) }) },
      { ALT: () => ({ kind: "null", ...leaf(this.CONSUME(t.Null)) }) },
    ]),
  );

  interval = this.RULE("interval", (): Expression => {
    const start = this.CONSUME(t.Interval);
    const amount = this.OR<IOrAlt<IToken>[]>([
      { ALT: () => this.CONSUME(t.StringLiteral) },
      { ALT: () => this.CONSUME(t.NumberLiteral) },
    ]);
    const unit = this.CONSUME(t.AnyWord);
    return this.ACTION(() => {
      const quoted = amount.tokenType === t.StringLiteral;
      return {
        kind: "interval",
        amount: quoted ? stringValue(amount, this.strict) : amount.image,
        quoted,
        unit: unitOf(unit),
        at: spanOf(start, unit),
        depth: 1,
      };
    });
  });

  parenthesised = this.RULE("parenthesised", (): Expression => {
    this.CONSUME(t.LeftParen);
    this.ACTION(() => this.refuseSelect("a subquery is supported in FROM only"));
    const inner = this.SUBRULE(this.expression);
    this.CONSUME(t.RightParen);
    return inner;
  });

  caseWhen = this.RULE("caseWhen", (): Expression => {
    const start = this.CONSUME(t.Case);
    this.OPTION(() => this.SUBRULE(this.expression));
    this.AT_LEAST_ONE(() => {
      this.CONSUME(t.When);
      this.SUBRULE1(this.expression);
      this.CONSUME(t.Then);
      this.SUBRULE2(this.expression);
    });
    this.OPTION1(() => {
      this.CONSUME(t.Else);
      this.SUBRULE3(this.expression);
    });
    const end = this.CONSUME(t.End);
    return this.ACTION(() => this.unsupported("CASE", spanOf(start, end)));
  });

  cast = this.RULE("cast", (): Expression => {
    const start = this.CONSUME(t.Cast);
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.expression);
    this.CONSUME(t.As);
    this.CONSUME(t.AnyWord);
    const end = this.CONSUME(t.RightParen);
    return this.ACTION(() => this.unsupported("CAST", spanOf(start, end)));
  });

  extract = this.RULE("extract", (): Expression => {
    const start = this.CONSUME(t.Extract);
    this.CONSUME(t.LeftParen);
    const unit = this.CONSUME(t.AnyWord);
    this.CONSUME(t.From);
    const operand = this.SUBRULE(this.expression);
    const end = this.CONSUME(t.RightParen);
    return this.ACTION(() => ({
      kind: "extract",
      unit: unitOf(unit),
      operand,
      at: spanOf(start, end),
      depth: depthOver(operand),
    }));
  });

  position = this.RULE("position", (): Expression => {
    const start = this.CONSUME(t.Position);
    this.CONSUME(t.LeftParen);
    const needle = this.SUBRULE(this.sum);
    this.CONSUME(t.In);
    const haystack = this.SUBRULE1(this.sum);
    const end = this.CONSUME(t.RightParen);
    return this.ACTION(() => ({
      kind: "call",
      name: "position",
      parameters: null,
      arguments: [needle, haystack],
      distinct: false,
      form: "in",
      at: spanOf(start, end),
      depth: depthOver(needle, haystack),
    }));
  });

  nameOrCall = this.RULE("nameOrCall", (): Expression => {
    const first = this.CONSUME(t.Name);
    const words = [first];
    this.MANY(() => {
      this.CONSUME(t.Dot);
      words.push(this.CONSUME(t.AnyWord));
    });
    const call = this.OPTION(() => this.SUBRULE(this.callLists));
    return this.ACTION(() => {
      const last = words.at(-1) ?? first;
      if (call === undefined) {
        return {
          kind: "name",
          parts: words.map((word) => t.wordOf(word)),
          at: spanOf(first, last),
          depth: 1,
        };
      }
      const { parameters, args, distinct, end } = call;
      const at = spanOf(first, end);
      return {
        kind: "call",
        name: words.map((word) => t.wordOf(word)).join("."),
        parameters,
        arguments: args,
        distinct,
        form: "plain",
        at,
        depth: depthOver(...args, ...(parameters ?? [])),
      };
    });
  });

  /** `(…)` or `(…)(…)` after a function's name. */
  callLists = this.RULE("callLists", () => {
    const first = this.SUBRULE(this.argumentList);
    const second = this.OPTION(() => this.SUBRULE1(this.argumentList));
    this.OPTION1(() => {
      const over = this.CONSUME(t.Over);
      this.ACTION(() => {
        throw new Refusal(
          "window functions are not supported",
          "compute running sums, ranks and differences in code, from the answer",
          spanOf(over),
        );
      });
    });
    const last = second ?? first;
    return {
      parameters: second === undefined ? null : first.args,
      args: last.args,
      distinct: last.distinct,
      end: last.end,
    };
  });

  argumentList = this.RULE("argumentList", () => {
    const args: Expression[] = [];
    this.CONSUME(t.LeftParen);
    this.ACTION(() => this.refuseSelect("a subquery is supported in FROM only"));
    const distinct = this.OPTION(() => this.CONSUME(t.Distinct)) !== undefined;
    this.MANY_SEP({
      SEP: t.Comma,
      DEF: () => {
        args.push(
          this.OR<IOrAlt<Expression>[]>([
            { ALT: () => this.SUBRULE(this.star) },
            { ALT: () => this.SUBRULE(this.expression) },
          ]),
        );
      },
    });
    const end = this.CONSUME(t.RightParen);
    return { args, distinct, end };
  });

  star = this.RULE("star", (): Expression => {
    const token = this.CONSUME(t.Star);
    return this.ACTION(() => ({ kind: "star", ...leaf(token) }));
  });

  protected unsupported(what: UnsupportedSyntax, at: Span): Expression {
    return { kind: "unsupported", what, text: textAt(this.sql, at), at, depth: 1 };
  }

  protected refuseSelect(reason: string): void {
    const token = this.LA(1);
    if (token.tokenType !== t.Select) return;
    throw new Refusal(
      reason,
      "ask for the list first and write its values out, or use a subquery in FROM",
      spanOf(token),
    );
  }

  /** Keeps the tree shallow enough for the functions that walk it. */
  protected bounded(node: Expression): Expression {
    if (node.depth <= maxTreeDepth) return node;
    throw new Refusal(
      `the expression is nested too deeply, exceeded maximum depth: ${maxTreeDepth}`,
      "split the expression over several columns",
      node.at,
    );
  }
}

function leaf(token: IToken): { at: Span; depth: number } {
  return { at: spanOf(token), depth: 1 };
}

import type { IOrAlt, IToken } from "chevrotain";
import { depthOver, join, spanOf } from "./build-tree.ts";
import { OperandGrammar } from "./grammar-operand.ts";
import * as t from "./tokens.ts";
import type { ArithmeticOperator, ComparisonOperator, Expression } from "./tree.ts";

/**
 * The part of the grammar that knows operators, loosest operator first: OR, AND, NOT,
 * comparisons, sums, products, signs. Repetition is looped, not recursed, so that only parentheses
 * cost stack; how deep those may go is checked before the parser starts.
 */
export abstract class ExpressionGrammar extends OperandGrammar {
  expression = this.RULE("expression", (): Expression => {
    const operands: Expression[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.Or,
      DEF: () => operands.push(this.SUBRULE(this.conjunction)),
    });
    return this.ACTION(() => this.#logical("OR", operands));
  });

  conjunction = this.RULE("conjunction", (): Expression => {
    const operands: Expression[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.And,
      DEF: () => operands.push(this.SUBRULE(this.negation)),
    });
    return this.ACTION(() => this.#logical("AND", operands));
  });

  negation = this.RULE("negation", (): Expression => {
    const nots: IToken[] = [];
    this.MANY(() => nots.push(this.CONSUME(t.Not)));
    const operand = this.SUBRULE(this.predicate);
    return this.ACTION(() => this.#prefixed("not", nots, operand));
  });

  predicate = this.RULE("predicate", (): Expression => {
    let left = this.SUBRULE(this.sum);
    this.MANY(() => {
      left = this.OR<IOrAlt<Expression>[]>([
        {
          ALT: () => {
            const operator = this.CONSUME(t.Comparison);
            const right = this.SUBRULE1(this.sum);
            return this.ACTION(() =>
              this.bounded({
                kind: "comparison",
                operator: operator.image as ComparisonOperator,
                left,
                right,
                at: join(left.at, right.at),
                depth: depthOver(left, right),
              }),
            );
          },
        },
        {
          ALT: () => {
            const is = this.CONSUME(t.Is);
            this.OPTION(() => this.CONSUME(t.Not));
            const nil = this.CONSUME(t.Null);
            return this.ACTION(() => this.unsupported("IS NULL", join(left.at, spanOf(is, nil))));
          },
        },
        { ALT: () => this.SUBRULE(this.matching, { ARGS: [left] }) },
      ]);
    });
    return left;
  });

  /** `[NOT] IN`, `[NOT] BETWEEN`, `[NOT] LIKE`, after the operand that they are about. */
  matching = this.RULE("matching", (operand: Expression): Expression => {
    const negated = this.OPTION(() => this.CONSUME(t.Not)) !== undefined;
    return this.OR<IOrAlt<Expression>[]>([
      {
        ALT: () => {
          this.CONSUME(t.In);
          this.CONSUME(t.LeftParen);
          this.ACTION(() => this.refuseSelect("IN (SELECT …) is not supported"));
          const list: Expression[] = [];
          this.AT_LEAST_ONE_SEP({
            SEP: t.Comma,
            DEF: () => list.push(this.SUBRULE(this.expression)),
          });
          const at = spanOf(this.CONSUME(t.RightParen));
          return this.ACTION(() => ({
            kind: "in",
            operand,
            negated,
            list,
            at: join(operand.at, at),
            depth: depthOver(operand, ...list),
          }));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Between);
          const low = this.SUBRULE(this.sum);
          this.CONSUME(t.And);
          const high = this.SUBRULE1(this.sum);
          return this.ACTION(() => ({
            kind: "between",
            operand,
            negated,
            low,
            high,
            at: join(operand.at, high.at),
            depth: depthOver(operand, low, high),
          }));
        },
      },
      {
        ALT: () => {
          const word = this.OR1([
            { ALT: () => this.CONSUME(t.Like) },
            { ALT: () => this.CONSUME(t.Ilike) },
          ]);
          const pattern = this.SUBRULE2(this.sum);
          return this.ACTION(() => ({
            kind: "like",
            operand,
            negated,
            caseInsensitive: word.tokenType === t.Ilike,
            pattern,
            at: join(operand.at, pattern.at),
            depth: depthOver(operand, pattern),
          }));
        },
      },
    ]);
  });

  sum = this.RULE("sum", (): Expression => {
    let left = this.SUBRULE(this.product);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(t.Plus) },
        { ALT: () => this.CONSUME(t.Minus) },
        { ALT: () => this.CONSUME(t.Concat) },
      ]);
      const right = this.SUBRULE1(this.product);
      left = this.ACTION(() => this.#arithmetic(operator, left, right));
    });
    return left;
  });

  product = this.RULE("product", (): Expression => {
    let left = this.SUBRULE(this.signed);
    this.MANY(() => {
      const operator = this.OR([
        { ALT: () => this.CONSUME(t.Star) },
        { ALT: () => this.CONSUME(t.Slash) },
        { ALT: () => this.CONSUME(t.Percent) },
      ]);
      const right = this.SUBRULE1(this.signed);
      left = this.ACTION(() => this.#arithmetic(operator, left, right));
    });
    return left;
  });

  signed = this.RULE("signed", (): Expression => {
    const signs: IToken[] = [];
    this.MANY(() => signs.push(this.CONSUME(t.Minus)));
    let operand = this.SUBRULE(this.primary);
    this.MANY1(() => {
      operand = this.OR<IOrAlt<Expression>[]>([
        {
          ALT: () => {
            this.CONSUME(t.DoubleColon);
            const type = this.CONSUME(t.AnyWord);
            return this.ACTION(() => this.unsupported("::", join(operand.at, spanOf(type))));
          },
        },
        {
          ALT: () => {
            this.CONSUME(t.LeftBracket);
            this.SUBRULE(this.expression);
            const close = this.CONSUME(t.RightBracket);
            return this.ACTION(() => this.unsupported("[]", join(operand.at, spanOf(close))));
          },
        },
      ]);
    });
    return this.ACTION(() => this.#prefixed("negate", signs, operand));
  });

  #logical(operator: "AND" | "OR", operands: readonly Expression[]): Expression {
    const first = operands[0];
    const last = operands.at(-1);
    if (first === undefined || last === undefined || first === last) return first as Expression;
    return this.bounded({
      kind: "logical",
      operator,
      operands,
      at: join(first.at, last.at),
      depth: depthOver(...operands),
    });
  }

  #arithmetic(operator: IToken, left: Expression, right: Expression): Expression {
    const at = join(left.at, right.at);
    if (operator.tokenType === t.Concat) return this.unsupported("||", at);
    return this.bounded({
      kind: "arithmetic",
      operator: operator.image as ArithmeticOperator,
      left,
      right,
      at,
      depth: depthOver(left, right),
    });
  }

  #prefixed(kind: "not" | "negate", tokens: readonly IToken[], operand: Expression): Expression {
    return tokens.reduceRight<Expression>(
      (inner, token) =>
        this.bounded({
          kind,
          operand: inner,
          at: join(spanOf(token), inner.at),
          depth: depthOver(inner),
        }),
      operand,
    );
  }
}

import type { IOrAlt, IToken } from "chevrotain";
import { rowCount, spanOf } from "./build-tree.ts";
import { ExpressionGrammar } from "./grammar-expression.ts";
import { Refusal } from "./refusal.ts";
import * as t from "./tokens.ts";
import type { Expression, FromClause, OrderItem, Select, SelectItem, Statement } from "./tree.ts";

/**
 * The grammar of Analytics Engine's dialect. It also knows some SQL that is refused (CASE, JOIN,
 * DISTINCT, …), so that the refusal names it instead of a stray token.
 */
export class Grammar extends ExpressionGrammar {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  statement = this.RULE("statement", (): Statement => {
    const body = this.OR<IOrAlt<Statement["body"]>[]>([
      { ALT: () => ({ kind: "select" as const, select: this.SUBRULE(this.select) }) },
      { ALT: () => this.SUBRULE(this.show) },
    ]);
    let format: Statement["format"] = null;
    this.OPTION(() => {
      this.CONSUME(t.Format);
      const word = this.CONSUME(t.AnyWord);
      format = this.ACTION(() => ({ name: t.wordOf(word), at: spanOf(word) }));
    });
    this.OPTION1(() => this.CONSUME(t.Semicolon));
    return { body, format };
  });

  show = this.RULE("show", (): Statement["body"] => {
    this.CONSUME(t.Show);
    return this.OR<IOrAlt<Statement["body"]>[]>([
      { ALT: () => (this.CONSUME(t.Tables), { kind: "show-tables" as const }) },
      { ALT: () => (this.CONSUME(t.Timezones), { kind: "show-timezones" as const }) },
      { ALT: () => (this.CONSUME(t.Timezone), { kind: "show-timezone" as const }) },
    ]);
  });

  select = this.RULE("select", (): Select => {
    const at = spanOf(this.CONSUME(t.Select));
    this.OPTION(() => {
      const token = this.CONSUME(t.Distinct);
      this.ACTION(() => {
        throw new Refusal(
          "SELECT DISTINCT is not supported",
          "GROUP BY the columns instead; inside an aggregate it is count(DISTINCT column)",
          spanOf(token),
        );
      });
    });
    const items: SelectItem[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => items.push(this.SUBRULE(this.selectItem)) });
    const from = this.OPTION1(() => (this.CONSUME(t.From), this.SUBRULE(this.from))) ?? null;
    const where =
      this.OPTION2(() => (this.CONSUME(t.Where), this.SUBRULE(this.expression))) ?? null;
    const groupBy: Expression[] = [];
    this.OPTION3(() => {
      this.CONSUME(t.Group);
      this.CONSUME(t.By);
      this.AT_LEAST_ONE_SEP1({
        SEP: t.Comma,
        DEF: () => groupBy.push(this.SUBRULE1(this.expression)),
      });
    });
    const having =
      this.OPTION4(() => (this.CONSUME(t.Having), this.SUBRULE2(this.expression))) ?? null;
    const orderBy: OrderItem[] = [];
    this.OPTION5(() => {
      this.CONSUME(t.Order);
      this.CONSUME1(t.By);
      this.AT_LEAST_ONE_SEP2({
        SEP: t.Comma,
        DEF: () => orderBy.push(this.SUBRULE(this.orderItem)),
      });
    });
    const limits = this.SUBRULE(this.limits);
    return { at, items, from, where, groupBy, having, orderBy, ...limits };
  });

  limits = this.RULE("limits", (): Pick<Select, "limit" | "offset"> => {
    let limit: bigint | null = null;
    let offset: bigint | null = null;
    this.OPTION(() => {
      this.CONSUME(t.Limit);
      this.OR([
        { ALT: () => this.CONSUME(t.All) },
        {
          ALT: () => {
            const token = this.CONSUME(t.NumberLiteral);
            this.ACTION(() => (limit = rowCount(token)));
          },
        },
      ]);
    });
    this.OPTION1(() => {
      this.CONSUME(t.Offset);
      const token = this.CONSUME1(t.NumberLiteral);
      this.ACTION(() => (offset = rowCount(token)));
    });
    return { limit, offset };
  });

  selectItem = this.RULE("selectItem", (): SelectItem => {
    const expression = this.OR<IOrAlt<Expression>[]>([
      { ALT: () => this.SUBRULE(this.star) },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
    const alias = this.OPTION(() => {
      const token = this.OR1<IOrAlt<IToken>[]>([
        { ALT: () => (this.CONSUME(t.As), this.CONSUME(t.AnyWord)) },
        { ALT: () => this.CONSUME(t.BareAlias) },
      ]);
      return this.ACTION(() => ({ name: t.wordOf(token), at: spanOf(token) }));
    });
    return { expression, alias: alias ?? null };
  });

  from = this.RULE("from", (): FromClause => {
    const source = this.OR<IOrAlt<FromClause>[]>([
      {
        ALT: () => {
          const token = this.CONSUME(t.Name);
          return this.ACTION(() => ({
            kind: "table",
            name: t.wordOf(token),
            alias: null,
            at: spanOf(token),
          }));
        },
      },
      {
        ALT: () => {
          const open = this.CONSUME(t.LeftParen);
          const select = this.SUBRULE(this.select);
          const close = this.CONSUME(t.RightParen);
          return this.ACTION(() => ({
            kind: "subquery",
            select,
            alias: null,
            at: spanOf(open, close),
          }));
        },
      },
    ]);
    const alias = this.OPTION(() =>
      this.OR1<IOrAlt<IToken>[]>([
        { ALT: () => (this.CONSUME(t.As), this.CONSUME(t.AnyWord)) },
        { ALT: () => this.CONSUME(t.BareAlias) },
      ]),
    );
    this.ACTION(() => this.#refuseJoin());
    return alias === undefined ? source : { ...source, alias: this.ACTION(() => t.wordOf(alias)) };
  });

  orderItem = this.RULE("orderItem", (): OrderItem => {
    const expression = this.SUBRULE(this.expression);
    let descending = false;
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Asc) },
        { ALT: () => ((descending = true), this.CONSUME(t.Desc)) },
      ]);
    });
    return { expression, descending };
  });

  /** Commas and JOINs after a table are refused here, where production's words for them fit. */
  #refuseJoin(): void {
    const token = this.LA(1);
    if (!t.joinTokens.has(token.tokenType)) return;
    throw new Refusal(
      "JOINs are not supported",
      "a query reads one dataset or one subquery: run two queries and join their answers in code",
      spanOf(token),
    );
  }
}

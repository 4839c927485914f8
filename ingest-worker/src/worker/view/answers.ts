import { maxKeptAnswerChars, maxKeptAnswers, viewPauseMs } from "../limits.ts";
import type { RefusalOf } from "../refusal.ts";
import type { CallBudget } from "./call-budget.ts";
import type { Upstream, UpstreamAnswer } from "./upstream.ts";

/** Rows, and when the upstream was asked for them, ms since the epoch. */
export type TimedAnswer =
  | { readonly kind: "rows"; readonly json: string; readonly askedAt: number }
  | Exclude<UpstreamAnswer, { readonly kind: "rows" }>
  | RefusalOf<"query-budget">;

type Rows = Extract<TimedAnswer, { readonly kind: "rows" }>;

/** What answers are kept with. */
export interface AnswersWorld {
  readonly upstream: Upstream;
  readonly budget: CallBudget;
  readonly now: () => number;
  /** How long an answer is given again, ms. */
  readonly keepMs: number;
}

/**
 * Stands between many viewers and an upstream that counts calls: the same statement is asked once in
 * a refresh interval, those who ask meanwhile wait for that one answer, and nothing is asked for a
 * while after the upstream has said that it is too much.
 */
export class Answers {
  readonly #world: AnswersWorld;
  readonly #kept = new Map<string, Rows>();
  readonly #underWay = new Map<string, Promise<TimedAnswer>>();
  #keptChars = 0;
  #pause: { readonly until: number; readonly refusal: RefusalOf<"analytics-limit"> } | undefined;

  constructor(world: AnswersWorld) {
    this.#world = world;
  }

  /** Answers a statement. Who may see the answer has to be part of the statement. */
  async ask(sql: string): Promise<TimedAnswer> {
    const now = this.#world.now();
    const kept = this.#kept.get(sql);
    if (kept !== undefined && now - kept.askedAt < this.#world.keepMs) return kept;
    const underWay = this.#underWay.get(sql);
    if (underWay !== undefined) return underWay;
    if (this.#pause !== undefined && now < this.#pause.until) {
      const retryAfterSeconds = Math.ceil((this.#pause.until - now) / 1000);
      return { ...this.#pause.refusal, retryAfterSeconds };
    }
    const answer = this.#askUpstream(sql, now).finally(() => this.#underWay.delete(sql));
    this.#underWay.set(sql, answer);
    return answer;
  }

  async #askUpstream(sql: string, askedAt: number): Promise<TimedAnswer> {
    const spent = await this.#world.budget.take(askedAt);
    if (spent !== undefined) return { kind: "query-budget", retryAfterSeconds: spent };
    const answer = await this.#world.upstream.ask(sql);
    if (answer.kind === "rows") return this.#keep(sql, { ...answer, askedAt });
    if (answer.kind === "analytics-limit") {
      const pauseMs = (answer.retryAfterSeconds ?? viewPauseMs / 1000) * 1000;
      this.#pause = { until: this.#world.now() + pauseMs, refusal: answer };
    }
    return answer;
  }

  #keep(sql: string, rows: Rows): Rows {
    this.#drop(sql);
    this.#kept.set(sql, rows);
    this.#keptChars += rows.json.length;
    // The oldest first: a statement names its time, so that an old one is hardly asked again.
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxKeptAnswers && this.#keptChars <= maxKeptAnswerChars) break;
      this.#drop(oldest);
    }
    return rows;
  }

  #drop(sql: string): void {
    this.#keptChars -= this.#kept.get(sql)?.json.length ?? 0;
    this.#kept.delete(sql);
  }
}

/** A place in the query text: 1-based line and column, and character offsets (`end` is exclusive). */
export interface Span {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Why a query is refused. It is thrown and caught inside this folder alone: callers of
 * `translateQuery` get a value, since a refused query is an expected outcome.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly code = "SQL_REFUSED";
  readonly hint: string;
  readonly at: Span | undefined;

  /**
   * `reason` is what production says after "Input was invalid: " (or as near as is known); `hint`
   * says what to write instead.
   */
  constructor(reason: string, hint: string, at?: Span) {
    super(reason);
    this.hint = hint;
    this.at = at;
  }

  /** The body of the 422: production's line, then ours with the place and the cure. */
  toBody(): string {
    const place = this.at === undefined ? "" : `at line ${this.at.line}:${this.at.column}: `;
    return `Input was invalid: ${this.message}\n${place}${this.hint}`;
  }
}

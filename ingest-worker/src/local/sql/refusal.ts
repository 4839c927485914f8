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

  /**
   * The body of the 422: production's line, then ours with the place and the cure. What it quotes
   * of the query may be long or hold line breaks, so it is cut and kept on its line.
   */
  toBody(): string {
    const place = this.at === undefined ? "" : `at line ${this.at.line}:${this.at.column}: `;
    return `Input was invalid: ${oneLine(this.message)}\n${place}${oneLine(this.hint)}`;
  }
}

const longestLine = 600;

function oneLine(text: string): string {
  const folded = text.replaceAll(/\p{Cc}+/gu, " ");
  return folded.length <= longestLine ? folded : `${folded.slice(0, longestLine)}…`;
}

/** Lines about failures that one isolate writes in a minute; an outage must not cost more than what it breaks. */
const maxFailureLines = 60;

const minuteMs = 60_000;

/** What is written is one line of JSON, as the platform's log search reads it. */
type WriteLine = (line: string) => void;

/**
 * Says what failed: every failure, until there are too many in a minute. What was left out then is
 * counted, and said with the next line.
 */
export class FailureLog {
  readonly #write: WriteLine;
  readonly #now: () => number;
  #minute = 0;
  #lines = 0;
  #leftOut = 0;

  constructor(write: WriteLine, now: () => number) {
    this.#write = write;
    this.#now = now;
  }

  /** Writes a line. Facts hold no body and no token. */
  say(what: string, facts: object): void {
    const minute = Math.floor(this.#now() / minuteMs);
    if (minute !== this.#minute) [this.#minute, this.#lines] = [minute, 0];
    this.#lines += 1;
    if (this.#lines > maxFailureLines) {
      this.#leftOut += 1;
      return;
    }
    const leftOut = this.#leftOut > 0 ? { leftOut: this.#leftOut } : {};
    this.#write(JSON.stringify({ level: "error", what, ...facts, ...leftOut }));
    this.#leftOut = 0;
  }
}

const failures = new FailureLog(
  // The console is a Worker's log.
  // oxlint-disable-next-line no-console
  (line) => console.error(line),
  () => Date.now(),
);

/** Says a failure. Never a body, never a token. */
export function logFailure(what: string, facts: object): void {
  failures.say(what, facts);
}

/** A line about a request that went well; the caller chooses which ones are worth their price. */
export function logRequest(facts: object): void {
  // oxlint-disable-next-line no-console
  console.log(JSON.stringify({ level: "info", what: "request", ...facts }));
}

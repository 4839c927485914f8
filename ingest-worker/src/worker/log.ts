/** One line of JSON, as the platform's log search reads it. Never a body, never a token. */
export function logFailure(what: string, facts: object): void {
  // The console is a Worker's log.
  // oxlint-disable-next-line no-console
  console.error(JSON.stringify({ level: "error", what, ...facts }));
}

/** A line about a request that went well; the caller chooses which ones are worth their price. */
export function logRequest(facts: object): void {
  // oxlint-disable-next-line no-console
  console.log(JSON.stringify({ level: "info", what: "request", ...facts }));
}

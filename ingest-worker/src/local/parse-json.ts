/** What a text says as JSON; undefined where it is none, which no schema takes. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller's schema refuses it, and says of what.
    return undefined;
  }
}

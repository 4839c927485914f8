/**
 * Text that others wrote, for a terminal: control characters, which could move the cursor or
 * change colours, become visible escapes.
 */
export function printable(text: string): string {
  return text.replaceAll(
    // C0, DEL, C1 and the marks that turn the direction of text.
    /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}

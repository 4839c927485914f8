/**
 * What a terminal would obey instead of show: C0 and C1 controls, DEL, line and paragraph separators,
 * and the marks that turn the direction of text (with which a name can look like another one).
 */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** `text` with everything a terminal would obey made visible, as `\x1b` or `\u{202e}`. */
export function safeText(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
  });
}

/** JSON of `value` that is safe on a terminal: the same value to a parser. */
export function safeJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  // Within JSON such characters stand in strings only; the line ends of an indented text are its own.
  return json.replace(unsafe, (character) => {
    if (character === "\n") return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

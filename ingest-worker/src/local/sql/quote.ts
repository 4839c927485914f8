/** A string literal of ClickHouse. Control characters are escaped too: a NUL would end the query. */
export function quoteString(value: string): string {
  return `'${escape(value, "'")}'`;
}

/** A quoted identifier of ClickHouse. */
export function quoteName(name: string): string {
  return `"${escape(name, '"')}"`;
}

function escape(value: string, quote: string): string {
  let escaped = "";
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if (character === quote || character === "\\") escaped += `\\${character}`;
    else if (code < 0x20 || code === 0x7f) escaped += `\\x${code.toString(16).padStart(2, "0")}`;
    else escaped += character;
  }
  return escaped;
}

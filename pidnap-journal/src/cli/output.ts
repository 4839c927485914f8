import { once } from "node:events";
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Where a command writes. */
export interface Output {
  /** Adds a line; held back until `flush` or until enough has come together. */
  line(text: string): void;
  /** Adds text as it is. */
  text(text: string): void;
  /** Hands over what is held and waits while the receiver is slow, so that memory stays bounded. */
  flush(): Promise<void>;
  /** Colours on a terminal; elsewhere the text as it is. */
  paint(style: Style, text: string): string;
  readonly isTerminal: boolean;
  /** Width of the terminal in columns; 80 where there is none. */
  readonly columns: number;
}

/** Output to a stream. */
export function createOutput(stream: NodeJS.WriteStream): Output {
  let held = "";
  const flush = async (): Promise<void> => {
    const text = held;
    held = "";
    if (text !== "" && !stream.write(text)) await once(stream, "drain");
  };
  const colours = wantsColours(stream);
  return {
    line(text) {
      held += `${text}\n`;
    },
    text(text) {
      held += text;
    },
    flush,
    paint: (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text),
    isTerminal: stream.isTTY ?? false,
    columns: stream.columns || 80,
  };
}

function wantsColours(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR: noColour, TERM: terminal } = process.env;
  return (stream.isTTY ?? false) && (noColour ?? "") === "" && terminal !== "dumb";
}

import type { JournalEvent } from "../event.ts";
import { describe, type Severity } from "./describe.ts";
import type { Output } from "./output.ts";
import { safeJson, safeText } from "./safe-text.ts";
import { formatMoment } from "./time.ts";

/** How events are written. */
export type Format = "short" | "json" | "ndjson" | "cat";

/** Writes events in one format. */
export interface EventWriter {
  write(event: JournalEvent): void;
  /** Writes what a whole document ends with. */
  end(): void;
}

const styles = {
  bad: "red",
  warning: "yellow",
  good: "green",
  plain: undefined,
  quiet: "dim",
} as const satisfies Record<Severity, string | undefined>;

/** A writer of events to `output`; @param utc whether people's times are in UTC, else local */
export function createEventWriter(output: Output, format: Format, utc: boolean): EventWriter {
  switch (format) {
    case "json":
      return jsonWriter(output);
    case "ndjson":
      return { write: (event) => output.line(safeJson(event)), end: () => undefined };
    case "cat":
      return { write: (event) => output.line(describe(event).text), end: () => undefined };
    case "short":
      return shortWriter(output, utc);
  }
}

/** One array, so that the whole output is a document; an event a line all the same. */
function jsonWriter(output: Output): EventWriter {
  let count = 0;
  return {
    write(event) {
      output.text(`${count === 0 ? "[\n" : ",\n"}${safeJson(event)}`);
      count += 1;
    },
    end: () => output.line(count === 0 ? "[]" : "\n]"),
  };
}

function shortWriter(output: Output, utc: boolean): EventWriter {
  let boot: string | undefined;
  return {
    write(event) {
      if (boot !== undefined && boot !== event.boot) {
        output.line(output.paint("bold", `-- boot ${safeText(event.boot)} --`));
      }
      boot = event.boot;
      const { text, severity } = describe(event);
      const style = styles[severity];
      const moment = output.paint("dim", `${formatMoment(event.at, utc)} #${event.seq}`);
      output.line(`${moment}  ${style === undefined ? text : output.paint(style, text)}`);
    },
    end: () => undefined,
  };
}

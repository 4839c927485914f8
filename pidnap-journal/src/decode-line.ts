import { schemaForType, type JournalEvent } from "./event.ts";
import { maxLineBytes } from "./limits.ts";
import { isCertainlyEvent } from "./quick-check.ts";

/** What a line turned out to be. A line that is not an event is an expected outcome, not an exception. */
export type DecodedLine =
  | { readonly kind: "event"; readonly event: JournalEvent }
  | { readonly kind: "corrupt"; readonly reason: CorruptReason; readonly detail: string }
  | { readonly kind: "other-version"; readonly version: unknown };

/** Why a line is corrupt; stable, for programs. */
export type CorruptReason = "too-long" | "nul-bytes" | "not-utf8" | "not-json" | "not-an-event";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads one line, given as its bytes without `\n`. Never throws. */
export function decodeLine(bytes: Uint8Array): DecodedLine {
  if (bytes.length >= maxLineBytes) {
    return corrupt("too-long", `${bytes.length + 1} bytes, at most ${maxLineBytes} with its end`);
  }
  if (bytes.includes(0)) return corrupt("nul-bytes", "holds NUL bytes");
  const text = decodeUtf8(bytes);
  if (text === undefined) return corrupt("not-utf8", "is not UTF-8");
  const value = parseJson(text);
  if (value === undefined) return corrupt("not-json", "is not JSON");
  return decodeValue(value.json);
}

/** Reads one line's parsed JSON, which becomes the event itself where it is a plain one. Never throws. */
export function decodeValue(value: unknown): DecodedLine {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return corrupt("not-an-event", "is not a JSON object");
  }
  if (isCertainlyEvent(value)) return { kind: "event", event: value };
  const { v, type } = value as { v?: unknown; type?: unknown };
  if (v !== 1 && typeof v === "number") return { kind: "other-version", version: v };
  const parsed = schemaForType(type).safeParse(value);
  if (parsed.success) return { kind: "event", event: parsed.data };
  const fault = parsed.error.issues[0];
  return corrupt("not-an-event", `${fault?.path.join(".") ?? ""}: ${fault?.message ?? "invalid"}`);
}

function corrupt(reason: CorruptReason, detail: string): DecodedLine {
  return { kind: "corrupt", reason, detail };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    // A fatal decoder's only failure is the answer: these bytes are not UTF-8.
    return undefined;
  }
}

function parseJson(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    // JSON.parse's only failure is the answer: this text is not JSON.
    return undefined;
  }
}

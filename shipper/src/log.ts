import type { Log, LogFields } from "./world.ts";

/** Where a log goes. */
export interface LogSink {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** One line of JSON each for a program, one readable line each for a person at a terminal. */
export function createLog(sink: LogSink, now: () => number): Log {
  const line = sink.isTTY === true ? humanLine : jsonLine;
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      sink.write(`${line(new Date(now()).toISOString(), level, message, fields)}\n`);
    };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}

function jsonLine(time: string, level: string, message: string, fields: LogFields): string {
  return JSON.stringify({ time, level, message, ...fields });
}

function humanLine(time: string, level: string, message: string, fields: LogFields): string {
  const { hint, ...others } = fields;
  const facts = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${String(value)}`);
  const advice = hint === undefined ? [] : [String(hint)];
  const mark = { warn: "warning: ", error: "ERROR: " }[level] ?? "";
  const said = [`${time.slice(11, 19)} ${mark}${message}`, ...advice, ...facts].join(" ");
  return said.replaceAll(controlCharacters, "�");
}

/** Names from a journal or a server's answer reach the log; a terminal must not obey them. */
// oxlint-disable-next-line no-control-regex -- control characters are what it is about
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]/g;

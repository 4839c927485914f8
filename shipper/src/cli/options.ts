import { InvalidArgumentError, Option } from "commander";
import { nearestOf } from "./nearest.ts";
import { defaultDeadlineMs, usualRetentionBytes } from "../limits.ts";
import { parseBytes, parseDurationMs } from "../units.ts";

/** Every option of every command, each also by environment. One table, so that help, parsing and docs agree. */

const envPrefix = "PIDNAP_SHIPPER_";

/** The environment variable that stands for a flag: `--max-events` is `PIDNAP_SHIPPER_MAX_EVENTS`. */
function envNameOf(long: string): string {
  return envPrefix + long.replace(/^--/, "").replaceAll("-", "_").toUpperCase();
}

function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(envNameOf(made.long ?? flags));
}

export const dirOption = (): Option =>
  option("--dir <dir>", "directory of the journal").argParser(parsePath);
export const urlOption = (): Option =>
  option("--url <url>", "address of the ingest Worker").argParser(parseUrl);
export const tokenFileOption = (): Option =>
  option("--token-file <file>", "file that holds this machine's token").argParser(parsePath);
export const stateOption = (): Option =>
  option("--state <dir>", "directory for what the shipper remembers").argParser(parsePath);
export const maxEventsOption = (): Option =>
  option("--max-events <n>", "most events of one request").argParser(parseCount).default(250);
export const maxBytesOption = (): Option =>
  option("--max-bytes <n>", "most bytes of one request, before compression")
    .argParser(parseAmount)
    .default(1024 * 1024, "1MiB");
export const compressOption = (): Option =>
  option("--compress <how>", "compression of requests: gzip or none")
    .argParser(parseCompression)
    .default("gzip");
export const timeoutOption = (): Option =>
  option("--timeout <duration>", "longest wait for an answer")
    .argParser(parsePositiveDuration)
    .default(defaultDeadlineMs, "15s");

export const onceOption = (): Option =>
  option("--once", "ship what is there, then end").default(false);
export const lingerOption = (): Option =>
  option("--linger <duration>", "how long samples wait for company")
    .argParser(parseDuration)
    .default(120_000, "120s");
export const drainOption = (): Option =>
  option("--drain <duration>", "longest time to ship on after SIGTERM")
    .argParser(parseDuration)
    .default(10_000, "10s");

export const metricsPortOption = (): Option =>
  option(
    "--metrics-port <port>",
    "port of 127.0.0.1 for figures in OpenMetrics; 0 for any",
  ).argParser(parsePort);

export const jsonOption = (): Option =>
  option("--json", "print JSON instead of a table").default(false);
export const retentionOption = (): Option =>
  option(
    "--retention <bytes>",
    "size at which the writer of the journal deletes its oldest segment",
  )
    .argParser(parseAmount)
    .default(usualRetentionBytes, "64MiB");
/** What the shipper was told itself is believed where nothing else is said. */
export const retentionElseOption = (): Option =>
  retentionOption().default(undefined, "what run was told");
export const speedOption = (): Option =>
  option("--speed <how>", "as fast as possible, or at the recorded pace times a number")
    .argParser(parseSpeed)
    .default(Infinity, "max");
export const asJournalOption = (): Option =>
  option(
    "--as-journal <id>",
    "send it under another journal's id: a UUID, or new for a fresh one",
  ).argParser(parseJournal);
export const shiftToNowOption = (): Option =>
  option("--shift-to-now", "move all wall clock times so that it ends now").default(false);

/** Variables of switches, which a value can turn off. */
export const switchEnvNames = (): string[] =>
  [onceOption, jsonOption, shiftToNowOption].map((make) => make().envVar ?? "");

/** The names of all variables that mean something. */
export const knownEnvNames = (): string[] =>
  [
    dirOption,
    urlOption,
    tokenFileOption,
    stateOption,
    maxEventsOption,
    maxBytesOption,
    compressOption,
    timeoutOption,
    onceOption,
    lingerOption,
    drainOption,
    jsonOption,
    metricsPortOption,
    retentionOption,
    speedOption,
    asJournalOption,
    shiftToNowOption,
  ].map((make) => make().envVar ?? "");

function parsePath(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It has to be a path.");
  return text;
}

function parseUrl(text: string): URL {
  if (!/^https?:\/\//i.test(text)) {
    const meant = /:\/\//.test(text) ? "" : ` Did you mean ${guessedUrl(text)}?`;
    throw new InvalidArgumentError(`It has to begin with https:// or http://.${meant}`);
  }
  if (!URL.canParse(text)) {
    throw new InvalidArgumentError("It has to be a URL such as https://ingest.example.com.");
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new InvalidArgumentError("It must not hold a secret: the token comes from its file.");
  }
  return url;
}

/** What lacks its scheme: on this machine hardly anyone encrypts. */
function guessedUrl(text: string): string {
  const isHere = /^(localhost|127\.|\[::1\])/.test(text);
  return `${isHere ? "http" : "https"}://${text}`;
}

const compressions = ["gzip", "none"];

function parseCompression(text: string): string {
  if (compressions.includes(text)) return text;
  throw new InvalidArgumentError(`It has to be gzip or none.${nearestOf(text, compressions)}`);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentError("It has to be a whole number above 0.");
  }
  return count;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError("It has to be a port from 1 to 65535, or 0 for any free one.");
  }
  return port;
}

function parseAmount(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === undefined || bytes < 1) {
    throw new InvalidArgumentError("It has to be an amount such as 64MiB, 512KiB or 1GiB.");
  }
  return bytes;
}

function parseSpeed(text: string): number {
  if (text === "max") return Infinity;
  const times = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || times <= 0) {
    throw new InvalidArgumentError(
      "It has to be max, or a number above 0: 1 is the recorded pace.",
    );
  }
  return times;
}

function parseJournal(text: string): string {
  if (text !== "new" && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) {
    throw new InvalidArgumentError("It has to be new, or the UUID of a journal.");
  }
  return text.toLowerCase();
}

function parseDuration(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined) {
    throw new InvalidArgumentError("It has to be a number with its unit: 500ms, 10s, 2m, 1h.");
  }
  return ms;
}

function parsePositiveDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms < 1) throw new InvalidArgumentError("It has to be longer than nothing.");
  return ms;
}

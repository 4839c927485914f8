import { InvalidArgumentError, Option } from "commander";
import { defaultDeadlineMs } from "../limits.ts";
import { parseDurationMs } from "../units.ts";

/** Every option of every command, each also by environment. One table, so that help, parsing and docs agree. */

const envPrefix = "PIDNAP_SHIPPER_";

/** The environment variable that stands for a flag: `--max-events` is `PIDNAP_SHIPPER_MAX_EVENTS`. */
export function envNameOf(long: string): string {
  return envPrefix + long.replace(/^--/, "").replaceAll("-", "_").toUpperCase();
}

function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(envNameOf(made.long ?? flags));
}

export const dirOption = (): Option => option("--dir <dir>", "directory of the journal");
export const urlOption = (): Option =>
  option("--url <url>", "address of the ingest Worker").argParser(parseUrl);
export const tokenFileOption = (): Option =>
  option("--token-file <file>", "file that holds this machine's token");
export const stateOption = (): Option =>
  option("--state <dir>", "directory for what the shipper remembers");
export const maxEventsOption = (): Option =>
  option("--max-events <n>", "most events of one request").argParser(parseCount).default(250);
export const maxBytesOption = (): Option =>
  option("--max-bytes <n>", "most bytes of one request, before compression")
    .argParser(parseCount)
    .default(1024 * 1024);
export const compressOption = (): Option =>
  option("--compress <how>", "compression of requests").choices(["gzip", "none"]).default("gzip");
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
  ].map((make) => make().envVar ?? "");

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new InvalidArgumentError("It has to be a URL such as https://ingest.example.com.");
  }
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new InvalidArgumentError("It has to begin with https:// or http://.");
  }
  return url;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || !Number.isSafeInteger(count)) {
    throw new InvalidArgumentError("It has to be a whole number above 0.");
  }
  return count;
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

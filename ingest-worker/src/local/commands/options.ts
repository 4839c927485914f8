import { Option } from "commander";
import { resolve } from "node:path";
import { UsageError } from "../errors.ts";

/** Where the local server keeps everything; the same for every command. */
export function dataOption(): Option {
  return new Option("--data <dir>", "folder of the local server's data and keys")
    .env("DATA_DIR")
    .default(".data");
}

/** The server that a command asks. */
export function urlOption(): Option {
  return new Option("--url <url>", "address of the server to ask")
    .env("PIDNAP_INGEST_URL")
    .default("http://127.0.0.1:8787");
}

/** A folder from the command line, absolute. Throws UsageError where it is empty. */
export function readFolder(text: string): string {
  if (text.trim() === "") throw new UsageError("--data is empty.", "Name a folder.");
  return resolve(text);
}

/** A port from the command line; 0 is any free one. Throws UsageError. */
export function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--port ${JSON.stringify(text)} is not a port.`, "Give 0 to 65535.");
}

/** A number of points a second from the command line. Throws UsageError. */
export function readRate(text: string, option: string): number {
  const rate = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (rate > 0) return rate;
  throw new UsageError(
    `${option} ${JSON.stringify(text)} is not a number of points.`,
    "Give a whole number above 0, such as 100.",
  );
}

/** An address from the command line. Throws UsageError where it is none. */
export function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new UsageError(
    `--url ${JSON.stringify(text)} is not an address.`,
    "Write it as http://host:port or https://host.",
  );
}

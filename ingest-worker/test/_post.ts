import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { DataPoint } from "../src/worker/points/to-point.ts";
import type { RunningWorker } from "./_run-worker.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface PostOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends lines as one batch. */
export async function post(
  worker: RunningWorker,
  journal: string,
  lines: readonly (string | object)[],
  options: PostOptions = {},
): Promise<Answer> {
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
  return postBody(worker, journal, text.map((line) => `${line}\n`).join(""), options);
}

export async function postBody(
  worker: RunningWorker,
  journal: string,
  body: string | Uint8Array<ArrayBuffer>,
  { token, headers }: PostOptions = {},
): Promise<Answer> {
  const response = await fetch(`${worker.url}/v1/journals/${journal}/events`, {
    method: "POST",
    body,
    headers: {
      authorization: `Bearer ${token ?? (await worker.machineToken())}`,
      "content-type": "application/x-ndjson",
      ...headers,
    },
  });
  return answer(response);
}

export async function get(worker: RunningWorker, path: string, token?: string): Promise<Answer> {
  const authorization = `Bearer ${token ?? (await worker.machineToken())}`;
  return answer(await fetch(`${worker.url}${path}`, { headers: { authorization } }));
}

async function answer(response: Response): Promise<Answer> {
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

/** A point by its columns, without the ingest lag, which depends on clocks. */
export function columnsOf({ indexes, blobs, doubles }: DataPoint): Record<string, string | number> {
  const columns: Record<string, string | number> = { index1: indexes[0] };
  for (const [index, blob] of blobs.entries()) columns[`blob${index + 1}`] = blob;
  for (const [index, double] of doubles.entries()) columns[`double${index + 1}`] = double;
  delete columns["double6"];
  return columns;
}

/** A recorded journal: its lines, and the points they must give. */
export async function golden(name: string) {
  const read = async (kind: string) => {
    const url = new URL(`../../fixtures/recorded/golden/${name}.${kind}.ndjson`, import.meta.url);
    return (await readFile(fileURLToPath(url), "utf8")).trimEnd().split("\n");
  };
  const lines = await read("events");
  const points = (await read("points")).map((line) => JSON.parse(line) as Record<string, unknown>);
  const { journal } = JSON.parse(lines[0] ?? "") as { journal: string };
  return { lines, points, journal };
}

/** Positions that a line stands for. */
export function rangeOf(line: string): { readonly seq: number; readonly end: number } {
  const { seq, through } = JSON.parse(line) as { seq: number; through?: number };
  return { seq, end: through ?? seq };
}

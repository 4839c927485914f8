import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/local/main.ts", import.meta.url));

/** How a command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A local server as a process of its own. */
export interface DevProcess extends AsyncDisposable {
  readonly pid: number;
  readonly url: string;
  readonly sqlUrl: string;
  readonly ended: Promise<Ended>;
  /** Kills it with everything it started, as a power cut would. */
  killGroup(): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** Runs the command, from its sources, to its end. */
export async function runCommand(
  args: readonly string[],
  env: Record<string, string> = {},
  input?: string,
): Promise<Ended> {
  const child = start(args, env, input === undefined ? "ignore" : "pipe");
  child.stdin?.end(input);
  return outcomeOf(child);
}

/** Starts `dev` and resolves when it answers. */
export async function startDevProcess(args: readonly string[]): Promise<DevProcess> {
  const child = start(["dev", ...args], {});
  const ended = outcomeOf(child);
  const pid = child.pid ?? 0;
  const line = await Promise.race([firstLine(child), ended]);
  if (typeof line !== "string") throw new Error(`dev ended: ${line.stderr}`);
  const { url, sqlUrl } = JSON.parse(line) as { url: string; sqlUrl: string };
  const killGroup = async () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-pid, "SIGKILL");
    await ended;
  };
  return {
    pid,
    url,
    sqlUrl,
    ended,
    killGroup,
    signal: (name) => child.kill(name),
    [Symbol.asyncDispose]: killGroup,
  };
}

/** Starts a command and kills it with everything it started after so many ms, however far it got. */
export async function startThenKill(args: readonly string[], afterMs: number): Promise<void> {
  const child = start(args, {});
  const ended = outcomeOf(child);
  await Promise.race([pause(afterMs), ended]);
  if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  await ended;
}

/** A folder of a test's own; `remove` takes it away. */
export function makeScratch(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), "pidnap-ingest-"));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/** Asks the SQL API; gives the status and the body. */
export async function askSql(
  sqlUrl: string,
  sql: string,
): Promise<{ status: number; type: string | null; body: string }> {
  const response = await fetch(sqlUrl, {
    method: "POST",
    headers: { authorization: "Bearer any" },
    body: sql,
  });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    body: await response.text(),
  };
}

/** The rows of an answer as objects. Throws where the query was refused. */
export async function rowsOf(sqlUrl: string, sql: string): Promise<Record<string, unknown>[]> {
  const { status, body } = await askSql(sqlUrl, `${sql} FORMAT JSONEachRow`);
  if (status !== 200) throw new Error(`${status} ${body}`);
  const lines = body.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function start(
  args: readonly string[],
  env: Record<string, string>,
  stdin: "ignore" | "pipe" = "ignore",
): ChildProcess {
  const { DATA_DIR: _, PORT: __, ...inherited } = process.env;
  return spawn(process.execPath, ["--conditions=source", main, ...args], {
    // A group of its own, so that a kill of the group reaches it and what it started, and no test.
    detached: true,
    stdio: [stdin, "pipe", "pipe"],
    env: { ...inherited, ...env },
  });
}

async function outcomeOf(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout?.on("data", (piece: string) => {
      text += piece;
      if (text.includes("\n")) resolve(text.slice(0, text.indexOf("\n")));
    });
  });
}

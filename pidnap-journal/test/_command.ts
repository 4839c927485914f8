import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const packageDir = join(import.meta.dirname, "..");

/** What a command said and how it ended. */
interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** The command as npm would link it, bundled from the sources as they are. */
export interface Command {
  readonly path: string;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  start(args: readonly string[]): ChildProcess;
  /** What it says with `--json`. Rejects where it fails, or says anything beside. */
  json(args: readonly string[]): Promise<unknown>;
  dispose(): void;
}

export async function buildCommand(): Promise<Command> {
  const dist = mkdtempSync(join(tmpdir(), "pidnap-journal-dist-"));
  await promisify(execFile)(process.execPath, [join(packageDir, "build.mjs"), dist]);
  const path = join(dist, "main.js");
  const environment = { PATH: process.env["PATH"], TZ: "UTC", HOME: dist };
  const run: Command["run"] = (args, env = {}) =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [path, ...args],
        { env: { ...environment, ...env }, maxBuffer: 256 * 1024 * 1024 },
        (error, stdout, stderr) => {
          resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) });
        },
      );
    });
  return {
    path,
    run,
    start: (args) => spawn(process.execPath, [path, ...args], { env: environment }),
    json: async (args) => {
      const { code, stderr, stdout } = await run([...args, "--json"]);
      if (code !== 0 || stderr !== "") throw new Error(`exit code ${code}: ${stderr}`);
      return JSON.parse(stdout) as unknown;
    },
    dispose: () => rmSync(dist, { recursive: true, force: true }),
  };
}

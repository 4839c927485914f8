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
  dispose(): void;
}

export async function buildCommand(): Promise<Command> {
  const dist = mkdtempSync(join(tmpdir(), "pidnap-journal-dist-"));
  await promisify(execFile)(process.execPath, [join(packageDir, "build.mjs"), dist]);
  const path = join(dist, "main.js");
  const environment = { PATH: process.env["PATH"], TZ: "UTC", HOME: dist };
  return {
    path,
    start: (args) => spawn(process.execPath, [path, ...args], { env: environment }),
    run: (args, env = {}) =>
      new Promise((resolve) => {
        execFile(
          process.execPath,
          [path, ...args],
          { env: { ...environment, ...env }, maxBuffer: 256 * 1024 * 1024 },
          (error, stdout, stderr) => {
            resolve({ stdout, stderr, code: error === null ? 0 : Number(error.code) });
          },
        );
      }),
    dispose: () => rmSync(dist, { recursive: true, force: true }),
  };
}

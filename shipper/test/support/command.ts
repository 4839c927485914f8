import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packageRoot = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The command as it is installed: bundled anew, so that a test never runs what was built before the change it is for. */
export class BundledCommand {
  readonly #out = mkdtempSync(join(tmpdir(), "shipper-bundle-"));
  readonly #running = new Set<ChildProcess>();

  constructor() {
    execFileSync(process.execPath, [join(packageRoot, "build.mjs"), this.#out]);
  }

  /** The command's own file. */
  get path(): string {
    return join(this.#out, "main.js");
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCommand {
    const child = spawn(process.execPath, [this.path, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    return this.#watch(child);
  }

  async run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
    const running = this.start(args, env);
    const code = await running.ended;
    return { code, stdout: running.stdout, stderr: running.stderr };
  }

  /** The same on a terminal, by util-linux's `script`; all its output is one. */
  async runOnTerminal(
    args: readonly string[],
  ): Promise<{ readonly code: number | null; readonly stdout: string }> {
    const words = [process.execPath, this.path, ...args];
    const line = words.map((word) => `'${word}'`).join(" ");
    const running = this.#watch(
      spawn("/usr/bin/script", ["--quiet", "--return", "--command", line, "/dev/null"], {
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    const code = await running.ended;
    return { code, stdout: running.stdout };
  }

  #watch(child: ChildProcess): RunningCommand {
    this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    return new RunningCommand(child);
  }

  async close(): Promise<void> {
    for (const child of this.#running) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(this.#out, { recursive: true, force: true });
  }
}

export class RunningCommand {
  readonly ended: Promise<number | null>;
  stdout = "";
  stderr = "";
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString("utf8")));
    child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString("utf8")));
    this.ended = once(child, "close").then(([code]) => code as number | null);
  }

  /** Resolves once it has said `text`. */
  async said(text: string): Promise<void> {
    while (!this.stderr.includes(text)) await once(this.#child.stderr ?? this.#child, "data");
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Nobody reads its log any more. */
  stopReading(): void {
    this.#child.stderr?.destroy();
  }

  /** Resident memory, MiB; undefined where the system does not say. */
  residentMb(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    } catch {
      // No /proc here, or the process has ended.
      return undefined;
    }
  }
}

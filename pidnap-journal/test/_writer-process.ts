import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A process that writes a journal and does what it is told; it ends with the test. */
export interface WriterProcess {
  readonly child: ChildProcess;
  /** Sends a command, and gives its answer. */
  ask(command: string): Promise<Record<string, unknown>>;
  /** The next answer, where one command gives many; undefined when the process has ended. */
  next(): Promise<Record<string, unknown> | undefined>;
  send(command: string): void;
  /** Ends it with SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts one. @param wrapper a command that runs it, such as `unshare` with its arguments */
export function startWriterProcess(wrapper: readonly string[] = []): WriterProcess {
  const script = fileURLToPath(import.meta.resolve("./_writer-child.ts"));
  const node = [process.execPath, "--conditions=source", script];
  const [command = "", ...args] = wrapper.concat(node);
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  onTestFinished(kill);
  const send = (command: string) => child.stdin.write(`${command}\n`);
  const next = async () => {
    const { done, value } = await lines.next();
    return done === true ? undefined : (JSON.parse(value) as Record<string, unknown>);
  };
  return {
    child,
    send,
    next,
    kill,
    async ask(command) {
      send(command);
      const answer = await next();
      if (answer === undefined) throw new Error(`the writer ended without an answer to ${command}`);
      return answer;
    },
  };
}

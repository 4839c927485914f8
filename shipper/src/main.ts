#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { becomeRunner } from "./cli/become-runner.ts";
import { settleEnvironment } from "./cli/environment.ts";
import { createProgram } from "./cli/program.ts";
import { UsageError } from "./errors.ts";
import { messageOf } from "./message.ts";

/** Below it, language and libraries lack what is used: better said than found out. */
const oldestNode = 22;

const runner = fileURLToPath(import.meta.url).replace(/main(\.[jt]s)$/, "run$1");
// Whoever reads the output may have read enough: `… | head` is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
const exitCode = await main(process.argv.slice(2));
if (exitCode !== 0) process.exitCode = exitCode;

/** @returns the exit code: 0 done, 1 failed, 2 wrong use */
async function main(args: string[]): Promise<number> {
  if (Number(process.versions.node.split(".")[0]) < oldestNode) {
    console.error(
      `pidnap-shipper: Node ${process.versions.node} is too old. Run it with Node ${oldestNode} or later, or by npx from a checkout.`,
    );
    return 1;
  }
  const program = createProgram({
    run: (options) => becomeRunner(runner, options),
    status: async (flags) => endWith(await (await import("./status.ts")).status(flags)),
    reship: async (options) => endWith(await (await import("./reship.ts")).reship(options)),
  });
  try {
    settleEnvironment(process.env);
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      const command = program.commands.find((each) => each.name() === args[0]);
      return usage(error, command?.name());
    }
    console.error(messageOf(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

/** For a command that has said itself what went wrong. */
function endWith(exitCode: number): void {
  if (exitCode !== 0) process.exitCode = exitCode;
}

function usage(error: CommanderError, command: string | undefined): number {
  if (error.exitCode === 0) return 0;
  // Called without a command: the help that has been printed says it all.
  if (error.code === "commander.help") return 2;
  const said = error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
  const help = ["pidnap-shipper", ...(command === undefined ? [] : [command]), "--help"].join(" ");
  console.error(`pidnap-shipper: ${said}${/[.?)]$/.test(said) ? "" : "."} See ${help}.`);
  return 2;
}

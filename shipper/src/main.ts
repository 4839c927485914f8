#!/usr/bin/env node
import { CommanderError } from "commander";
import { JournalError } from "pidnap-journal";
import { settleEnvironment } from "./cli/environment.ts";
import { createProgram } from "./cli/program.ts";
import { runCommand } from "./cli/run.ts";
import { ShipperError, UsageError } from "./errors.ts";

process.exitCode = await main(process.argv.slice(2));

/** @returns the exit code: 0 done, 1 failed, 2 wrong use */
async function main(args: string[]): Promise<number> {
  try {
    settleEnvironment(process.env);
    const program = createProgram({ run: runCommand });
    program.configureOutput({ outputError: () => undefined });
    for (const command of program.commands) {
      command.configureOutput({ outputError: () => undefined });
    }
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    console.error(messageOf(error));
    return error instanceof CommanderError || error instanceof UsageError ? 2 : 1;
  }
}

/** One line: what, where, and what to do about it. */
function messageOf(error: unknown): string {
  if (error instanceof CommanderError) {
    const said = error.message.replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ");
    return `pidnap-shipper: ${said} See pidnap-shipper --help.`;
  }
  if (error instanceof ShipperError || error instanceof JournalError) {
    return `pidnap-shipper: ${error.message} ${error.hint}`;
  }
  return `pidnap-shipper: ${error instanceof Error ? error.message : String(error)}`;
}

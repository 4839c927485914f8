import { CommanderError } from "commander";
import { ZodError } from "zod";
import { IngestError } from "../../errors.ts";

/** Exit codes of the command. */
const exitCodes = { failure: 1, wrongUse: 2 } as const;

/** Says in one line, on stderr, what went wrong and what to do; gives the exit code. */
export function reportFailure(error: unknown): number {
  // Commander has said it already, in its own words.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.wrongUse;
  process.stderr.write(`pidnap-ingest: ${failureText(error)}\n`);
  const wrongUse =
    error instanceof ZodError || (error instanceof IngestError && error.code === "USAGE");
  return wrongUse ? exitCodes.wrongUse : exitCodes.failure;
}

function failureText(error: unknown): string {
  if (error instanceof IngestError) return oneLine(`${error.message} ${error.hint}`);
  if (error instanceof ZodError) {
    const issues = error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    return oneLine(`${issues.join("; ")}. See --help.`);
  }
  const message = error instanceof Error ? error.message : String(error);
  return oneLine(
    `${message}${isSystemError(error) ? ". Look at --data: who may write there, and its room." : ""}`,
  );
}

/** An error of the operating system: nothing but the data folder is written to or read. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}

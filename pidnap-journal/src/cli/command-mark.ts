import { Option, type Command } from "commander";
import { wholeNumber } from "./options.ts";

interface Given {
  readonly dir?: string;
}

/** Declares `mark`. */
export function addMark(program: Command): void {
  const mark = program
    .command("mark")
    .description("hand the journal's writer an event that only another process knows of")
    .addHelpText(
      "after",
      `
The writer appends it within a second. One that nobody picks up is discarded at the next boot.

Examples:
  pidnap-journal mark ready --dir /var/lib/journal
  pidnap-journal mark tasks-completed --count 4 --failed 1`,
    );
  mark
    .command("ready")
    .description("the machine is ready")
    .addOption(dirOption())
    .action(async ({ dir }: Given) => {
      const { mark } = await import("./mark.ts");
      mark(dir, { type: "machine.ready" });
    });
  mark
    .command("tasks-completed")
    .description("all tasks of this boot have ended")
    .addOption(dirOption())
    .option("--count <n>", "how many there were", wholeNumber(0), 0)
    .option("--failed <n>", "how many of them failed", wholeNumber(0), 0)
    .action(async ({ count, dir, failed }: Given & { count: number; failed: number }) => {
      const { mark } = await import("./mark.ts");
      mark(dir, { type: "tasks.completed", count, failed });
    });
}

const dirOption = (): Option =>
  new Option("--dir <dir>", "the journal's directory; else as for the other commands");

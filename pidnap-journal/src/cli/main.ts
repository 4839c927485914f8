#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { addCat } from "./command-cat.ts";
import { addInspect } from "./command-inspect.ts";
import { addReport } from "./command-report.ts";
import { addMark } from "./command-mark.ts";
import { addPs } from "./command-ps.ts";
import { exitCodes, faultOf } from "./fault.ts";

/**
 * The command line. Commands are declared here and in `command-*.ts`, which load nothing; what a command
 * does is imported when it runs, since on a small machine the start is most of its time.
 */
const program = new Command("pidnap-journal")
  .description(packageJson.description)
  .version(packageJson.version, "-V, --version", "print the version")
  .helpOption("-h, --help", "show help")
  .helpCommand("help [command]", "show help for a command")
  .exitOverride()
  .hook("preAction", async () => void (await import("./light-schemas.ts")))
  .configureOutput({ outputError: (text, write) => write(`${oneLine(text)} (see --help)\n`) });

for (const add of [addCat, addPs, addInspect, addReport, addMark]) add(program);

program.addHelpText(
  "after",
  `
DIR is the journal's directory: else $PIDNAP_JOURNAL_DIR, else ~/.iterate/pidnap-journal.

Examples:
  pidnap-journal tail -f                         what happens, as it happens
  pidnap-journal ps                              what every process does now
  pidnap-journal cat -u web -S -15min            what web did in the last quarter of an hour
  pidnap-journal verify && echo sound            whether the journal is whole

Exit status: 0 all is well, 1 failure, 2 wrong use.`,
);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    const fault = faultOf(error);
    process.stderr.write(`pidnap-journal: ${fault.message}\n`);
    process.exitCode = fault.exitCode;
  }
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, " ");
}

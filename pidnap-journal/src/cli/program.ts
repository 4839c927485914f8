import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { addCat } from "./command-cat.ts";
import { addInspect } from "./command-inspect.ts";
import { addReport } from "./command-report.ts";
import { addMark } from "./command-mark.ts";
import { addPs } from "./command-ps.ts";
import { exitCodes, faultOf } from "./fault.ts";
import { endWithReceiver } from "./receiver.ts";

/**
 * The command line. Commands are declared here and in `command-*.ts`, which load nothing; what a command
 * does is imported when it runs, since on a small machine the start is most of its time.
 */
const commands = [
  { names: ["cat", "tail"], add: addCat },
  { names: ["ps"], add: addPs },
  { names: ["ls", "verify"], add: addInspect },
  { names: ["boot", "stats"], add: addReport },
  { names: ["mark"], add: addMark },
];

endWithReceiver(process.stdout, process.stderr);

const program = new Command("pidnap-journal")
  .description(packageJson.description)
  .version(packageJson.version, "-V, --version", "print the version")
  .helpOption("-h, --help", "show help")
  .helpCommand("help [command]", "show help for a command")
  .exitOverride()
  .hook("preAction", async () => void (await import("./lightness.ts")))
  .configureOutput({ outputError: (text, write) => write(`${oneLine(text)} (see --help)\n`) });

// Declaring takes time too: where the first word is a command, the others are not needed.
const declared = commands.find(({ names }) => names.includes(process.argv[2] ?? ""));
for (const { add } of declared === undefined ? commands : [declared]) add(program);

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

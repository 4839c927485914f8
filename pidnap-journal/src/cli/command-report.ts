import { Argument, type Command } from "commander";
import { JournalOptionError } from "../errors.ts";
import type { BootOptions } from "./boot.ts";
import { bootAndDir, jsonOption, utcOption } from "./options.ts";

type Given = Omit<BootOptions, "show"> & {
  readonly list: boolean;
  readonly blame: boolean;
  readonly criticalChain: boolean;
};

/** Declares `boot` and `stats`. */
export function addReport(program: Command): void {
  addStats(program);
  program
    .command("boot")
    .description("list the boots, or show how one came up")
    .addArgument(
      new Argument("[words...]", "DIR, and `blame` or `critical-chain`; ./blame is a directory"),
    )
    .option("-l, --list", "list the boots, as without any option", false)
    .option(
      "-b, --boot [id]",
      "one boot: an id or its beginning, 0 (the last, also without ID), -1 …",
    )
    .option("--blame", "who ran how long, tasks first", false)
    .option("--critical-chain", "the tasks that waited on each other up to the end", false)
    .option("--svg <file>", "write a chart of it; - is the standard output")
    .addOption(jsonOption())
    .addOption(utcOption())
    .action(async (words: readonly string[], { blame, criticalChain, list, ...options }: Given) => {
      const isVerb = (word: string) => word === "blame" || word === "critical-chain";
      const verbs = words.filter(isVerb);
      const [dir, another] = words.filter((word) => !isVerb(word));
      if (another !== undefined) {
        throw new JournalOptionError(
          `Only one directory can be read, not ${another} too.`,
          "Leave it out.",
        );
      }
      const isBlame = blame || verbs.includes("blame");
      const isChain = criticalChain || verbs.includes("critical-chain");
      const show = isBlame ? "blame" : isChain ? "critical-chain" : "phases";
      const [boot, journal] = bootAndDir(options.boot, dir);
      const report = await import("./boot.ts");
      const one = { ...options, boot, show } as const;
      await report.boot(
        journal,
        list ? { ...one, boot: undefined, svg: undefined, show: "phases" } : one,
      );
    })
    .addHelpText(
      "after",
      `
Times count from the start of the machine's entrypoint. The journal does not hold dependencies: a task
that began when another one ended is taken to have waited for it.

Examples:
  pidnap-journal boot                            all boots
  pidnap-journal boot -b                         the last one: time to ready by phase
  pidnap-journal boot blame                      who took how long
  pidnap-journal boot critical-chain -b -1       what the boot before waited for
  pidnap-journal boot --svg boot.svg             the chart`,
    );
}

function addStats(program: Command): void {
  program
    .command("stats [DIR]")
    .description("show what processes did, what resources were used and what was lost")
    .addOption(jsonOption())
    .addOption(utcOption())
    .action(async (dir: string | undefined, options: { json: boolean; utc: boolean }) => {
      const { stats } = await import("./stats.ts");
      await stats(dir, options);
    })
    .addHelpText(
      "after",
      `
P50, P95 and MAX are of the runs whose beginning was seen, by the monotonic clock. PER HOUR is of the time
that was observed. A process that restarted five times within ten minutes is flapping.

Examples:
  pidnap-journal stats
  pidnap-journal stats --json | jq '.processes[] | select(.flapping)'`,
    );
}

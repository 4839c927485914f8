import type { Command } from "commander";
import { atMostOne, jsonOption, momentOption, utcOption, wholeNumber } from "./options.ts";

interface Given {
  readonly json: boolean;
  readonly utc: boolean;
  readonly watch: boolean;
  readonly at?: string;
  readonly seq?: number;
}

/** Declares `ps`. */
export function addPs(program: Command): void {
  program
    .command("ps [DIR]")
    .description("show what every process does, or did")
    .option("--at <time>", 'as it was then: "2026-08-01 12:00", "-15min"')
    .option("--seq <position>", "as it was behind this position", wholeNumber(1))
    .option("-w, --watch", "again at every change, until Ctrl-C", false)
    .addOption(jsonOption())
    .addOption(utcOption())
    .action(async (dir: string | undefined, { at, ...options }: Given) => {
      atMostOne("--at, --seq and --watch", [at, options.seq, options.watch]);
      const { ps } = await import("./ps.ts");
      await ps(dir, { ...options, atMs: momentOption("--at", at, options.utc) });
    })
    .addHelpText(
      "after",
      `
UPTIME is the length of the run that is open, LAST RUN that of the one before it; a ? behind a state
says that events were lost since.

Examples:
  pidnap-journal ps                              now
  pidnap-journal ps --at -1h                     an hour ago
  pidnap-journal ps --seq 4096 --json            behind position 4096, for programs`,
    );
}

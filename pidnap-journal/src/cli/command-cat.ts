import { Option, type Command } from "commander";
import type { CatOptions } from "./cat.ts";
import { atMostOne, bootAndDir, collect, momentOption, utcOption, wholeNumber } from "./options.ts";

type Given = Omit<CatOptions, "sinceMs" | "untilMs"> & {
  readonly json: boolean;
  readonly since?: string;
  readonly until?: string;
};

/** Declares `cat` and `tail`. */
export function addCat(program: Command): void {
  declare(program.command("cat [DIR]").description("show events, oldest first")).addHelpText(
    "after",
    `
Examples:
  pidnap-journal cat /var/lib/journal -n 20      the last 20 events
  pidnap-journal cat -u 'web-*' -u worker        of these processes
  pidnap-journal cat -t process.transitioned -b  what processes did in this boot
  pidnap-journal cat -S yesterday -U 12:00       between two moments
  pidnap-journal cat -o ndjson | jq .type        for programs
  pidnap-journal cat --cursor-file seen          what came since the last time`,
  );
  declare(
    program.command("tail [DIR]").description("show the last 10 events; with -f, what follows too"),
    10,
  ).addHelpText(
    "after",
    `
Examples:
  pidnap-journal tail -f                         goes on across rotation and restarts
  pidnap-journal tail -n 50 -u web               the last 50 events of one process`,
  );
}

function declare(command: Command, lines?: number): Command {
  return command
    .addOption(
      new Option(
        "-o, --output <format>",
        "short: for people; json: one array; ndjson: an event a line; cat: words only",
      )
        .choices(["short", "json", "ndjson", "cat"])
        .default("short"),
    )
    .option("--json", "the same as -o json", false)
    .option("-n, --lines <count>", "only the last COUNT events", wholeNumber(0), lines)
    .option("-r, --reverse", "newest first", false)
    .option("-f, --follow", "wait for more, until Ctrl-C", false)
    .option("-u, --process <name>", "only this process; globs, repeatable", collect)
    .option("-t, --type <type>", "only events of this type; globs, repeatable", collect)
    .option(
      "-b, --boot [id]",
      "only one boot: an id or its beginning, 0 (the last, also without ID), -1 (the one before) …",
    )
    .option("-S, --since <time>", 'not before: "2026-08-01 12:00", "12:00", "yesterday", "-15min"')
    .option("-U, --until <time>", "not after")
    .option("--from <seq>", "from this position on", wholeNumber(1))
    .option(
      "--cursor-file <file>",
      "go on behind the position in FILE, and leave the new one there",
    )
    .addOption(utcOption())
    .action(async (dir: string | undefined, given: Given, self: Command) => {
      const { json, since, until, ...options } = given;
      const format = self.getOptionValueSource("output") === "cli" ? options.output : undefined;
      atMostOne("--json and --output", [json, format === "json" ? undefined : format]);
      atMostOne("--reverse and --follow", [options.reverse, options.follow]);
      const { cat } = await import("./cat.ts");
      const [boot, journal] = bootAndDir(options.boot, dir);
      await cat(journal, {
        ...options,
        boot,
        output: json ? "json" : options.output,
        sinceMs: momentOption("--since", since, options.utc),
        untilMs: momentOption("--until", until, options.utc),
      });
    });
}

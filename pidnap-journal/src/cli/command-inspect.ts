import type { Command } from "commander";
import { jsonOption, utcOption, wholeNumber } from "./options.ts";

/** Declares `ls` and `verify`. */
export function addInspect(program: Command): void {
  program
    .command("ls [DIR]")
    .description("show the segments: positions, times, sizes, boots, corrupt lines")
    .option(
      "--limit <bytes>",
      "compare the total with this, not with the default limit",
      wholeNumber(1),
    )
    .addOption(jsonOption())
    .addOption(utcOption())
    .action(
      async (dir: string | undefined, options: { json: boolean; utc: boolean; limit?: number }) => {
        const { ls } = await import("./ls.ts");
        await ls(dir, options);
      },
    )
    .addHelpText(
      "after",
      `
Examples:
  pidnap-journal ls
  pidnap-journal ls --json | jq .totalBytes`,
    );
  program
    .command("verify [DIR]")
    .description("read all and check it: exits 1 for any corrupt line or gap")
    .addOption(jsonOption())
    .action(async (dir: string | undefined, options: { json: boolean }) => {
      const { verify } = await import("./verify.ts");
      await verify(dir, options);
    })
    .addHelpText(
      "after",
      `
Checks framing, schema, positions, segment names, and each segment's table against the events before it.
Says file and byte offset of each fault. Notes are no faults.

Examples:
  pidnap-journal verify && echo sound
  pidnap-journal verify --json | jq '.faults[]'`,
    );
}

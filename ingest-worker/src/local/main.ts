#!/usr/bin/env node
import { Argument, Command, Option } from "commander";
import type { DevArguments } from "./commands/dev.ts";
import { reportFailure } from "./commands/failure.ts";
import { dataOption, urlOption } from "./commands/options.ts";
import type { SqlOptions } from "./commands/sql.ts";
import type { TokenOptions } from "./commands/token.ts";
import { requireLocalPeers } from "./local-peers.ts";

// What this is bundled from uses Node 22 throughout; on an older one it would fail at odd places.
if (Number(process.versions.node.split(".")[0]) < 22) {
  process.stderr.write(
    `pidnap-ingest: Node ${process.versions.node} is too old; run it by npx from the checkout, or with Node 22 or later.\n`,
  );
  process.exit(1);
}
// Whoever reads the output may have read enough: `… | head` is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
process.exitCode = await main(process.argv);

/** Runs one command; gives the exit code. Each loads what it needs and no more. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    await makeProgram().parseAsync([...argv]);
    return 0;
  } catch (error) {
    return reportFailure(error);
  }
}

function makeProgram(): Command {
  const program = new Command("pidnap-ingest")
    .description("The ingest Worker, run locally, and tools around it.")
    .exitOverride()
    .showHelpAfterError("(see --help)");
  addDev(program);
  addKeys(program);
  addToken(program);
  addPs(program);
  addSql(program);
  return program;
}

function addDev(program: Command): void {
  program
    .command("dev")
    .description("run the Worker and a local Analytics Engine until SIGINT; prints its addresses")
    .addOption(
      new Option("--port <port>", "port on 127.0.0.1; 0 for any").env("PORT").default("8787"),
    )
    .addOption(dataOption())
    .option("--silent-after <duration>", "quiet time after which a machine is silent", "1h")
    .option(
      "--sample-above <points>",
      "points a second of one machine (index1) above which one in n is kept, as in production",
    )
    .option(
      "--lenient-sql",
      "answer SQL that production was seen both to take and to refuse (default: refused)",
    )
    .addHelpText(
      "after",
      `
Every point is kept, once. With --sample-above that is not so: what is left out is weighed by
_sample_interval, so that queries can be tried for weighing, and a point that is sent again after a
kill may count twice or not at all.`,
    )
    .action(async (options: DevArguments) => {
      requireLocalPeers();
      const { runDev } = await import("./commands/dev.ts");
      await runDev(options);
    });
}

function addKeys(program: Command): void {
  program
    .command("keys")
    .description("make signing keys; prints the public ones as INGEST_KEYS takes them")
    .addArgument(
      new Argument("<action>", "first key, or a new one beside it").choices(["new", "rotate"]),
    )
    .addOption(dataOption())
    .action(async (action: "new" | "rotate", options: { data: string }) => {
      const { runKeys } = await import("./commands/keys.ts");
      await runKeys(action, options);
    });
}

function addToken(program: Command): void {
  program
    .command("token")
    .description("print a machine's token, or with --view a token that reads")
    .option("--machine <id>", "the machine, at most 96 bytes")
    .option("--org <org>", "its organisation; with --view the one to see (default: all)")
    .option("--project <project>", "its project")
    .option("--type <type>", "its machine type")
    .option("--view", "a viewer's token")
    .option("--ttl <duration>", "how long it is valid: s, m, h or d", "30d")
    .addOption(dataOption())
    .action(async (options: TokenOptions) => {
      const { runToken } = await import("./commands/token.ts");
      await runToken(options);
    });
}

function addPs(program: Command): void {
  program
    .command("ps")
    .description("what a machine's processes do now, asked of its object")
    .argument("<machine>", "the machine's id")
    .addOption(urlOption())
    .addOption(dataOption())
    .option("--json", "the answer as it came")
    .action(async (machine: string, options: { url: string; data: string; json?: boolean }) => {
      const { runPs } = await import("./commands/ps.ts");
      await runPs(machine, options);
    });
}

function addSql(program: Command): void {
  const shown = ["json", "csv", "chart"];
  const output = (flags: string, about: string, name: string) =>
    new Option(flags, about).conflicts(shown.filter((other) => other !== name));
  program
    .command("sql")
    .description("ask the SQL API, local or Cloudflare's: a statement, or a query of the catalogue")
    .argument("[statement]", "the query, in Analytics Engine's SQL, or @name; @ lists the names")
    .addOption(urlOption())
    .option("--file <file>", "a file with the query; - reads it from the standard input")
    .option("--list", "say which queries the catalogue has; with @name, all about that one")
    .option("--param <name=value>", "a parameter of @name; as often as there are some", collect)
    .option(
      "--since <time>",
      "how far back @name looks: 6h, or an instant; short for --param from=…",
    )
    .addOption(output("--json", "the answer as it came", "json"))
    .addOption(output("--csv", "the answer as CSV", "csv"))
    .addOption(output("--chart", "the answer as charts over time", "chart"))
    .option("--columns <names>", "the columns that --chart draws, with commas between them")
    .addHelpText("after", sqlHelp())
    .action(async (statement: string | undefined, options: SqlOptions) => {
      const { runSql } = await import("./commands/sql.ts");
      await runSql(statement, options, process.env);
    });
}

/** Adds one more value of an option that may be given often. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function sqlHelp(): string {
  return `
Examples:
  $ pidnap-ingest sql @top-flapping --since 6h
  $ pidnap-ingest sql @resources --param machine=m-1 --since 1d --chart --columns cpu_percent
  $ pidnap-ingest sql "SELECT blob4, sum(_sample_interval) AS n FROM machine_metrics GROUP BY blob4"
  $ CLOUDFLARE_ACCOUNT_ID=… CLOUDFLARE_API_TOKEN=… \\
      pidnap-ingest sql --url https://api.cloudflare.com "SHOW TABLES"

The token is sent to api.cloudflare.com alone; it needs the permission Account Analytics: Read.`;
}

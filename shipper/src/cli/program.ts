import { Command, type Option } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { UsageError } from "../errors.ts";
import type { ReshipOptions } from "../reship/reship-all.ts";
import type { RunOptions } from "../settings.ts";
import {
  asJournalOption,
  compressOption,
  dirOption,
  drainOption,
  jsonOption,
  lingerOption,
  maxBytesOption,
  maxEventsOption,
  metricsPortOption,
  onceOption,
  retentionElseOption,
  retentionOption,
  shiftToNowOption,
  speedOption,
  stateOption,
  timeoutOption,
  tokenFileOption,
  urlOption,
} from "./options.ts";

/** What the commands do; parsing knows nothing of it. */
export interface Actions {
  run(options: RunOptions): Promise<void>;
  status(flags: StatusFlags): Promise<void>;
  reship(options: ReshipOptions & { readonly json: boolean }): Promise<void>;
}

type RunFlags = Omit<RunOptions, "lingerMs" | "drainMs" | "deadlineMs"> & {
  readonly linger: number;
  readonly drain: number;
  readonly timeout: number;
};

interface StatusFlags {
  readonly state: string;
  readonly dir?: string;
  readonly retention?: number;
  readonly json: boolean;
}

type ReshipFlags = Omit<ReshipOptions, "paths" | "deadlineMs"> & {
  readonly timeout: number;
  readonly json: boolean;
};

/** The command line. Throws a `CommanderError` instead of ending the process. */
export function createProgram(actions: Actions): Command {
  const program = new Command("pidnap-shipper")
    .description(
      "Tails a pidnap journal and ships it, in order and exactly once, to the ingest Worker.",
    )
    .version(packageJson.version, "-V, --version", "print the version")
    .exitOverride()
    // Errors come back as exceptions, and are said in one place.
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true });
  addRun(program, actions);
  addStatus(program, actions);
  addReship(program, actions);
  return program;
}

function addRun(program: Command, actions: Actions): void {
  program
    .command("run")
    .description("ships a journal as it is written, or with --once what is there")
    .addOption(dirOption())
    .addOption(urlOption())
    .addOption(tokenFileOption())
    .addOption(stateOption())
    .addOption(onceOption())
    .addOption(maxEventsOption())
    .addOption(maxBytesOption())
    .addOption(compressOption())
    .addOption(lingerOption())
    .addOption(drainOption())
    .addOption(timeoutOption())
    .addOption(metricsPortOption())
    .addOption(retentionOption())
    .action(async (flags: RunFlags, command: Command) => {
      requireOptions(command, [dirOption(), urlOption(), tokenFileOption(), stateOption()]);
      const { linger, drain, timeout, ...rest } = flags;
      await actions.run({ ...rest, lingerMs: linger, drainMs: drain, deadlineMs: timeout });
    });
}

function addStatus(program: Command, actions: Actions): void {
  program
    .command("status")
    .description("tells where a shipper is and what it does, also while it is down")
    .addOption(stateOption())
    .addOption(dirOption())
    .addOption(retentionElseOption())
    .addOption(jsonOption())
    .action(async (flags: StatusFlags, command: Command) => {
      requireOptions(command, [stateOption()]);
      await actions.status(flags);
    });
}

function addReship(program: Command, actions: Actions): void {
  program
    .command("reship")
    .description("sends segments or recorded events again, and says what was new to the server")
    .argument(
      "<file-or-dir...>",
      "segments, recordings (NAME.events.ndjson), or directories of them",
    )
    .addOption(urlOption())
    .addOption(tokenFileOption())
    .addOption(maxEventsOption())
    .addOption(maxBytesOption())
    .addOption(compressOption())
    .addOption(timeoutOption())
    .addOption(speedOption())
    .addOption(asJournalOption())
    .addOption(shiftToNowOption())
    .addOption(jsonOption())
    .action(async (paths: string[], flags: ReshipFlags, command: Command) => {
      requireOptions(command, [urlOption(), tokenFileOption()]);
      const { timeout, ...rest } = flags;
      await actions.reship({ ...rest, paths, deadlineMs: timeout });
    });
}

/** The parser's own check comes before that for unknown options, and would hide a slip of the pen. */
function requireOptions(command: Command, needed: readonly Option[]): void {
  const flags: object = command.opts();
  const missing = needed.filter(
    (option) => Reflect.get(flags, option.attributeName()) === undefined,
  );
  const [first] = missing;
  if (first === undefined) return;
  throw new UsageError(
    `${missing.map(({ long }) => long).join(", ")} ${missing.length === 1 ? "is" : "are"} missing.`,
    `Give ${first.flags}, or set ${first.envVar}. See pidnap-shipper ${command.name()} --help.`,
  );
}

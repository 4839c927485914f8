import { Command } from "commander";
import type { ShipOptions } from "../ship.ts";
import {
  compressOption,
  dirOption,
  drainOption,
  lingerOption,
  maxBytesOption,
  maxEventsOption,
  onceOption,
  stateOption,
  timeoutOption,
  tokenFileOption,
  urlOption,
} from "./options.ts";

/** What the commands do; parsing knows nothing of it. */
export interface Actions {
  run(options: ShipOptions): Promise<void>;
}

type RunFlags = Omit<ShipOptions, "lingerMs" | "drainMs" | "deadlineMs"> & {
  readonly linger: number;
  readonly drain: number;
  readonly timeout: number;
};

/** The command line. Throws a `CommanderError` instead of ending the process. */
export function createProgram(actions: Actions): Command {
  const program = new Command("pidnap-shipper")
    .description(
      "Tails a pidnap journal and ships it, in order and exactly once, to the ingest Worker.",
    )
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true });
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
    .action(async (flags: RunFlags) => {
      const { linger, drain, timeout, ...rest } = flags;
      await actions.run({ ...rest, lingerMs: linger, drainMs: drain, deadlineMs: timeout });
    });
  for (const command of program.commands) command.copyInheritedSettings(program).exitOverride();
  return program;
}

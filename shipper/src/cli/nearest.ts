import { Command, CommanderError } from "commander";

/** ` Did you mean this?`, by the parser's own idea of what is near; empty where nothing is. */
export function nearestOf(name: string, known: readonly string[]): string {
  const command = new Command("nearest")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const each of known) command.option(`--${each}`);
  try {
    command.parse([`--${name}`], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const advice = /\(Did you mean (.*)\?\)/.exec(error.message)?.[1];
    return advice === undefined ? "" : ` Did you mean ${advice.replaceAll("--", "")}?`;
  }
  return "";
}

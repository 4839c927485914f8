import { Command, CommanderError } from "commander";
import { UsageError } from "../errors.ts";
import { knownEnvNames, switchEnvNames } from "./options.ts";

type Environment = Record<string, string | undefined>;

/**
 * Makes the environment say what it means before options are read from it: an empty variable is
 * none, a switch may be turned off by its value, and a name that nothing reads is a mistake.
 */
export function settleEnvironment(env: Environment): void {
  const known = knownEnvNames();
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith("PIDNAP_SHIPPER_")) continue;
    if (!known.includes(name)) {
      throw new UsageError(
        `The environment variable ${name} means nothing to the shipper.`,
        `${nearestOf(name, known)} Its variables are ${known.join(", ")}.`.trim(),
      );
    }
    if (value === "") delete env[name];
  }
  for (const name of switchEnvNames()) {
    if (["0", "false", "no", "off"].includes(env[name]?.toLowerCase() ?? "")) delete env[name];
  }
}

/** The parser's own advice on a name that it does not know. */
function nearestOf(name: string, known: readonly string[]): string {
  const command = new Command("env").exitOverride().configureOutput({ writeErr: () => undefined });
  for (const each of known) command.option(`--${each}`);
  try {
    command.parse([`--${name}`], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const advice = /\(Did you mean (.*)\?\)/.exec(error.message)?.[1];
    return advice === undefined ? "" : `Did you mean ${advice.replaceAll("--", "")}?`;
  }
  return "";
}

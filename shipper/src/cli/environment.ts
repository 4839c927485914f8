import { UsageError } from "../errors.ts";
import { nearestOf } from "./nearest.ts";
import { knownEnvNames, switchEnvNames } from "./options.ts";

type Environment = Record<string, string | undefined>;

const on = ["1", "true", "yes", "on"];
const off = ["0", "false", "no", "off"];

/**
 * Makes the environment say what it means before options are read from it: an empty variable is
 * none, a switch is turned on or off by its value, and a name that nothing reads is a mistake.
 */
export function settleEnvironment(env: Environment): void {
  const known = knownEnvNames();
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith("PIDNAP_SHIPPER_")) continue;
    if (!known.includes(name)) {
      const all = `Its variables are ${known.join(", ")}.`;
      throw new UsageError(
        `The environment variable ${name} means nothing to the shipper.`,
        nearestOf(name, known).trim() || all,
      );
    }
    if (value === "") delete env[name];
  }
  for (const name of switchEnvNames()) {
    const value = env[name]?.toLowerCase();
    if (value === undefined || on.includes(value)) continue;
    if (!off.includes(value)) {
      throw new UsageError(
        `The environment variable ${name} is neither on nor off.`,
        "Set it to 1 or 0, or leave it out.",
      );
    }
    delete env[name];
  }
}

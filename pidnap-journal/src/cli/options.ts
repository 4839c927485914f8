import { existsSync } from "node:fs";
import { InvalidArgumentError, Option } from "commander";
import { JournalOptionError } from "../errors.ts";
import { parseMoment } from "./time.ts";

/** Options that several subcommands share, and how their values are read. */

/** A whole number of at least `min`. */
export function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value;
    throw new InvalidArgumentError(`It is a whole number from ${min} on.`);
  };
}

/** Collects an option that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/**
 * The moment an option means. Read after all options are known, since `--utc` may stand behind it.
 *
 * @throws {JournalOptionError} where it is none
 */
export function momentOption(
  flag: string,
  text: string | undefined,
  utc: boolean,
): number | undefined {
  if (text === undefined) return undefined;
  const moment = parseMoment(text, Date.now(), utc);
  if (moment !== undefined) return moment;
  throw new JournalOptionError(
    `${flag} ${text} is not a time.`,
    'Write "2026-08-01 12:00", "12:00", "yesterday", "-15min" or "@SECONDS".',
  );
}

/** @throws {JournalOptionError} where more than one of these options was given */
export function atMostOne(flags: string, given: readonly unknown[]): void {
  if (given.filter((value) => value !== undefined && value !== false).length <= 1) return;
  throw new JournalOptionError(`${flags} exclude each other.`, "Leave all but one out.");
}

/**
 * `-b DIR` is `-b` and a directory: the option takes a value or none, and takes what stands behind it. An
 * id holds no slash, does not begin with a dot, and is hardly the name of what lies here.
 */
export function bootAndDir(
  boot: string | true | undefined,
  dir: string | undefined,
): readonly [boot: string | true | undefined, dir: string | undefined] {
  if (typeof boot !== "string" || dir !== undefined) return [boot, dir];
  const isNumber = /^[+-]?\d+$/.test(boot);
  const isDir = boot.includes("/") || boot.startsWith(".") || (!isNumber && existsSync(boot));
  return isDir ? [true, boot] : [boot, dir];
}

export const jsonOption = (): Option => new Option("--json", "write JSON").default(false);
export const utcOption = (): Option =>
  new Option("--utc", "read and write times in UTC, not in local time").default(false);

import type { JournalEvent } from "../event.ts";
import { JournalOptionError } from "../errors.ts";

/** Which events a command shows; what is absent does not narrow. */
export interface Filter {
  /** Process names, globs allowed: an event of any of them. */
  readonly processes?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly boot?: string | undefined;
  /** ms since the epoch, inclusive. */
  readonly sinceMs?: number | undefined;
  /** ms since the epoch, inclusive. */
  readonly untilMs?: number | undefined;
}

/** Whether an event is among those asked for. */
export function createFilter(filter: Filter): (event: JournalEvent) => boolean {
  const processes = filter.processes?.map(globToRegExp);
  const types = filter.types?.map(globToRegExp);
  const { boot, sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY } = filter;
  return (event) =>
    event.at >= sinceMs &&
    event.at <= untilMs &&
    (boot === undefined || event.boot === boot) &&
    (types === undefined || types.some((type) => type.test(event.type))) &&
    (processes === undefined || matchesProcess(event, processes));
}

function matchesProcess(event: JournalEvent, processes: readonly RegExp[]): boolean {
  const { process: name } = event as { process?: unknown };
  return typeof name === "string" && processes.some((process) => process.test(name));
}

/** `*`, `?` and `[a-z]` as a shell has them; everything else stands for itself. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replaceAll(/\[!?[^\]]+\]|[*?]|[^*?[]+|\[/g, (part) => {
    if (part === "*") return ".*";
    if (part === "?") return ".";
    if (part.length > 2 && part.startsWith("[")) {
      const inside = part.slice(1, -1).replaceAll("\\", "\\\\");
      return inside.startsWith("!") ? `[^${inside.slice(1)}]` : `[${inside}]`;
    }
    return part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  });
  try {
    return new RegExp(`^${source}$`, "su");
  } catch (error) {
    throw new JournalOptionError(`"${glob}" is not a pattern.`, "Write [a-z] for a range.", error);
  }
}

/**
 * The boot that `wanted` means: an id or its beginning, `0` (or `true`: the option alone) for the last,
 * `-1` for the one before, `1` for the first.
 *
 * @param boots all boots, oldest first
 * @throws {JournalOptionError} where there is no such boot, or more than one
 */
export function chooseBoot(boots: readonly string[], wanted: string | true): string {
  const number = wanted === true ? 0 : /^[+-]?\d{1,6}$/.test(wanted) ? Number(wanted) : undefined;
  const hint = "List the boots with `pidnap-journal boot --list`.";
  if (number !== undefined && !boots.includes(String(wanted))) {
    const boot = number > 0 ? boots[number - 1] : boots.at(number - 1);
    if (boot !== undefined) return boot;
    throw new JournalOptionError(`There is no boot ${number} among ${boots.length}.`, hint);
  }
  const exact = boots.filter((boot) => boot === wanted);
  const found = exact.length > 0 ? exact : boots.filter((boot) => boot.startsWith(String(wanted)));
  const [boot, another] = found;
  if (boot === undefined) throw new JournalOptionError(`There is no boot ${wanted}.`, hint);
  if (another !== undefined) {
    throw new JournalOptionError(`${found.length} boots begin with ${wanted}.`, hint);
  }
  return boot;
}

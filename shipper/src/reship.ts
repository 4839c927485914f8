import { randomUUID } from "node:crypto";
import { basename, dirname } from "node:path";
import { tableLines } from "./cli/table.ts";
import { UsageError } from "./errors.ts";
import { createLog } from "./log.ts";
import { messageOf } from "./message.ts";
import { planJournals } from "./reship/plan.ts";
import { ProgressBar } from "./progress.ts";
import { reshipAll, type ReshipOptions } from "./reship/reship-all.ts";
import type { ReshipSummary } from "./reship/tally.ts";
import { formatBytes, formatDurationMs } from "./units.ts";
import { nodeFs } from "./disk/node-fs.ts";
import { nodeWorld } from "./world-node.ts";

/**
 * The command `reship`: sends what was shipped or recorded before. A file of its own in the bundle,
 * since `run` has no use for what it loads.
 *
 * @returns the exit code
 */
export async function reship(options: ReshipOptions & { readonly json: boolean }): Promise<number> {
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(signal === "SIGINT" ? 130 : 143);
    stop.abort(
      new Error(`Ended by ${signal}; what was sent until then stays. Run it again for the rest.`),
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const summaries: ReshipSummary[] = [];
  try {
    await send(options, stop.signal, summaries);
    print(summaries, options.json);
    return 0;
  } catch (error) {
    // What never began is not worth a row of zeros.
    const begun = summaries.filter(({ requests }) => requests > 0);
    if (begun.length > 0) print(begun, options.json);
    process.stderr.write(`${messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

async function send(
  options: ReshipOptions,
  signal: AbortSignal,
  summaries: ReshipSummary[],
): Promise<void> {
  const plans = await planJournals(nodeFs, options.paths);
  const total = plans.reduce((sum, { lines }) => sum + lines, 0);
  const bar = new ProgressBar(process.stderr, () => performance.now());
  bar.to(0, total);
  const world = nodeWorld(createLog(bar, () => Date.now()));
  try {
    await reshipAll({ ...world, newId: () => randomUUID() }, options, plans, {
      signal,
      onProgress: (lines) => bar.to(lines, total),
      onSummary: (summary) => summaries.push(summary),
    });
  } finally {
    bar.end();
    world.close();
  }
}

function print(summaries: readonly ReshipSummary[], json: boolean): void {
  const lines = json
    ? [JSON.stringify(summaries, undefined, 2)]
    : tableLines(rowsOf(summaries), [
        "left",
        "left",
        ...columns.slice(2).map(() => "right" as const),
      ]);
  process.stdout.write(`${lines.join("\n")}\n`);
}

const columns = [
  "from",
  "sent as",
  "events",
  "new",
  "already there",
  "points",
  "lost",
  "bytes",
  "took",
];

function rowsOf(summaries: readonly ReshipSummary[]): string[][] {
  const rows = summaries.map((summary) => [
    originOf(summary.paths),
    summary.sentAs,
    String(summary.events),
    String(summary.accepted),
    String(summary.duplicates),
    String(summary.points),
    String(summary.lost),
    formatBytes(summary.bytes),
    formatDurationMs(summary.tookMs),
  ]);
  return [columns, ...rows];
}

/** A file by its name, several by their directory. */
function originOf(paths: readonly string[]): string {
  const [first = ""] = paths;
  if (paths.length <= 1) return basename(first);
  return `${basename(dirname(first))}/, ${paths.length} files`;
}

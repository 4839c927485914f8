import Table from "cli-table3";
import { z } from "zod";
import { signViewerToken } from "../../tokens.ts";
import { formatDuration } from "../durations.ts";
import { AnswerError, UsageError } from "../errors.ts";
import { requireKeys } from "../keys.ts";
import { parseJson } from "../parse-json.ts";
import { ask } from "./ask.ts";
import { readFolder, readUrl } from "./options.ts";
import { printable } from "./printable.ts";

const machineSchema = z.looseObject({
  machine: z.string(),
  journals: z.array(
    z.looseObject({
      journal: z.string(),
      lastEventAt: z.number().nullable(),
      processes: z.record(
        z.string(),
        z.looseObject({
          state: z.string(),
          startedAt: z.number().optional(),
          stoppedAt: z.number().optional(),
          durationMs: z.number().optional(),
          restarts: z.number(),
        }),
      ),
    }),
  ),
});
type Journal = z.infer<typeof machineSchema>["journals"][number];

/** Prints what a machine's processes do now, as its object knows it. */
export async function runPs(
  machine: string,
  options: { url: string; data: string; json?: boolean },
): Promise<void> {
  if (machine === "") throw new UsageError("The machine's id is empty.", "Name a machine.");
  const url = readUrl(options.url);
  const [key] = requireKeys(readFolder(options.data));
  const token = await signViewerToken({ org: "*", ttlSeconds: 60 }, key);
  const address = new URL(`/v1/machines/${encodeURIComponent(machine)}`, url);
  const response = await ask(address, { headers: { authorization: `Bearer ${token}` } });
  if (response.status === 404) {
    throw new AnswerError(
      `${url.origin} knows no machine ${JSON.stringify(machine)}.`,
      "Look at its spelling, and at whether its shipper runs.",
    );
  }
  if (response.status === 401) {
    throw new AnswerError(
      `${url.origin} does not take tokens of these keys.`,
      "Name the --data folder that the server runs with.",
    );
  }
  if (!response.ok) {
    throw new AnswerError(`${url.origin} answered ${response.status}.`, "Look at its log.");
  }
  const text = await response.text();
  if (options.json === true) {
    process.stdout.write(`${text.trim()}\n`);
    return;
  }
  const answer = machineSchema.safeParse(parseJson(text));
  if (!answer.success) {
    throw new AnswerError(`${url.origin} answered what no Worker does.`, "Look at --url.");
  }
  for (const journal of answer.data.journals) process.stdout.write(tableOf(journal, Date.now()));
}

function tableOf(journal: Journal, now: number): string {
  const last = journal.lastEventAt;
  const heard =
    last === null ? "nothing heard yet" : `last event ${formatDuration(now - last)} ago`;
  const table = new Table({
    head: ["process", "state", "started", "stopped", "duration", "restarts"],
    style: { head: [], border: [] },
  });
  for (const [name, process] of Object.entries(journal.processes)) {
    table.push([
      printable(name),
      printable(process.state),
      time(process.startedAt),
      time(process.stoppedAt),
      process.durationMs === undefined ? "" : formatDuration(process.durationMs),
      String(process.restarts),
    ]);
  }
  return `journal ${printable(journal.journal)}, ${heard}\n${table.toString()}\n`;
}

function time(ms: number | undefined): string {
  return ms === undefined ? "" : new Date(ms).toISOString().replace("T", " ").slice(0, 19);
}

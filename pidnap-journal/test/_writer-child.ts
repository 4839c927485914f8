import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import {
  dropMark,
  JournalLockedError,
  openJournal,
  type Journal,
  type Mark,
  type OpenJournalOptions,
} from "pidnap-journal";

/**
 * A process that writes a journal, told what to do line by line:
 * `open DIR OPTIONS`, `append TYPE`, `append-forever`, `mark DIR MARK`, `close`. Each answer is one line of JSON,
 * written synchronously, so that what was answered before a kill has been seen by who reads the pipe.
 */
let journal: Journal | undefined;

function answer(value: unknown): void {
  writeSync(1, `${JSON.stringify(value)}\n`);
}

async function open(dir: string, options: OpenJournalOptions): Promise<void> {
  try {
    journal = await openJournal(dir, options);
    answer({ opened: true });
  } catch (error) {
    answer(
      error instanceof JournalLockedError ? { lockedBy: error.pid } : { error: String(error) },
    );
  }
}

function append(type: string): number {
  return journal?.append({ type, padding: "x".repeat(50) }) ?? 0;
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const [command = "", ...words] = line.split(" ");
  switch (command) {
    case "open":
      void open(words[0] ?? "", JSON.parse(words[1] ?? "{}") as OpenJournalOptions);
      break;
    case "append":
      answer({ seq: append(words[0] ?? "") });
      break;
    case "append-forever":
      for (;;) answer({ seq: append("note") });
    case "mark":
      dropMark(words[0] ?? "", JSON.parse(words[1] ?? "") as Mark);
      answer({ marked: true });
      break;
    case "close":
      journal?.close();
      answer({ closed: true });
      break;
    default:
      answer({ unknown: command });
  }
});

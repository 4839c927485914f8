import type { Session } from "chdb";
import { DataUnusableError } from "./errors.ts";
import {
  createStatements,
  dropNextStatement,
  layout,
  layoutQuery,
  migrateStatements,
  type Dataset,
} from "./store-schema.ts";

/** Where a store is, and whom to tell what is done to it. */
interface Place {
  readonly dir: string;
  readonly log: (line: string) => void;
}

/**
 * Makes a dataset's table where there is none, and brings one of an older layout into the newest,
 * which takes some seconds for a million points. Throws DataUnusableError where that fails, and
 * where a newer version has written it: its table is left alone.
 */
export function openTables(writer: Session, dataset: Dataset, { dir, log }: Place): void {
  const found = layoutOf(writer, dataset);
  if (found > layout) {
    throw new DataUnusableError(
      dir,
      `a newer version stored its points (layout ${found}, this one knows ${layout})`,
      undefined,
      "Start that version again, or name another directory with --data.",
    );
  }
  try {
    if (found < layout) {
      log(`store: ${dataset.name} is brought from layout ${found} to ${layout}.`);
      for (const statement of migrateStatements(dataset)) writer.query(statement);
    }
    for (const statement of createStatements(dataset)) writer.query(statement);
    writer.query(dropNextStatement(dataset));
  } catch (error) {
    throw new DataUnusableError(dir, "its points could not be brought into today's layout", error);
  }
}

/** The layout of a dataset's table; the newest where there is no table yet. */
function layoutOf(writer: Session, dataset: Dataset): number {
  const answer = writer.query(layoutQuery(dataset), "JSONEachRow");
  if (answer === "") return layout;
  const { comment } = JSON.parse(answer) as { comment: string };
  return Number(/^layout (\d+)$/.exec(comment)?.[1] ?? 1);
}

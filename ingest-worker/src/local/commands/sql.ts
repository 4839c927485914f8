import { readFileSync } from "node:fs";
import { text as readAll } from "node:stream/consumers";
import { describeQuery } from "../../catalogue/index.ts";
import { UsageError } from "../errors.ts";
import { askSql, readAnswer } from "./sql/answer.ts";
import type { QuestionOptions, Question } from "./sql/question.ts";
import { readQuestion } from "./sql/question.ts";

/** What `sql` is given on the command line. */
export interface SqlOptions extends QuestionOptions {
  readonly url: string;
  readonly file?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  /** Names of columns, with commas between them. */
  readonly columns?: string;
}

/**
 * Asks the SQL API and prints the answer: as a table, as charts, as CSV, or with --json as the API
 * gave it. Throws UsageError and AnswerError.
 */
export async function runSql(
  statement: string | undefined,
  options: SqlOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const text = await statementOf(statement, options);
  const question = readQuestion(text, options, { nowMs: Date.now() });
  process.stdout.write(`${(await outputOf(question, options, env)).trimEnd()}\n`);
}

async function outputOf(
  question: Question,
  options: SqlOptions,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  // Each way of showing something brings a library of its own, and is loaded where it is wanted.
  if (question.kind === "list") {
    const { listingJson, listingOf } = await import("./sql/listing.ts");
    return options.json === true ? listingJson() : listingOf();
  }
  if (question.kind === "about") {
    if (options.json === true) return JSON.stringify(describeQuery(question.query));
    const { aboutText } = await import("./sql/listing.ts");
    return aboutText(question.query);
  }
  const text = await askSql(question.sql, options.url, env);
  if (options.json === true) return text;
  const answer = readAnswer(text, question.query);
  if (answer === undefined) {
    // Another FORMAT than JSON is wanted as it is.
    if (options.csv !== true && options.chart !== true) return text;
    throw new UsageError("--csv and --chart need an answer in JSON.", "Leave out FORMAT.");
  }
  if (options.csv === true) return (await import("./sql/csv.ts")).csvOf(answer);
  if (options.chart !== true) {
    // Only a terminal has a width; what goes into a file or a pipe keeps its lines.
    return (await import("./sql/table.ts")).tableOf(answer, process.stdout.columns);
  }
  const { chartOf } = await import("./sql/chart.ts");
  return chartOf(answer, {
    width: process.stdout.columns ?? 80,
    steps: question.steps,
    ...(options.columns !== undefined && { columns: options.columns.split(",") }),
  });
}

async function statementOf(
  statement: string | undefined,
  { file }: SqlOptions,
): Promise<string | undefined> {
  if (file === undefined) return statement;
  if (statement !== undefined) {
    throw new UsageError("There is a statement and a --file.", "Give one of them.");
  }
  if (file === "-") return readAll(process.stdin);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--file ${JSON.stringify(file)} cannot be read: ${why}.`, "Name a file.");
  }
}

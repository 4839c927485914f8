import { drainPending, type Session } from "chdb";
import { makeFolder } from "pidnap-journal";
import { clickhouseCodeOf, openSession } from "./clickhouse-session.ts";
import { StoreError } from "./errors.ts";
import { GroupCommit } from "./group-commit.ts";
import { maxGroupBytes, maxWaitingBytes, queryLimits } from "./limits.ts";
import { Reader } from "./reader.ts";
import type { AnswerFormat } from "./sql/translate.ts";
import { openTables } from "./open-tables.ts";
import { moveStatement, stagingOf, tableOf, type Dataset } from "./store-schema.ts";
import { Turns } from "./turns.ts";

/** Keeps points and answers SQL about them. */
export interface PointStore {
  /**
   * Keeps points given as objects of JSON, `{"index1","blobs":[…],"doubles":[…]}`, with commas or
   * line ends between them. Resolves when they are where a kill of this process cannot reach them;
   * points that are already there are left out.
   */
  append(dataset: string, points: Uint8Array): Promise<void>;
  /** Runs one SELECT under the limits of a client and gives the answer's text. Rejects with StoreError or QueueTimeoutError. */
  query(sql: string, format: AnswerFormat): Promise<string>;
  /** What there is to read: each dataset's name with the table that holds it. */
  readonly tables: ReadonlyMap<string, string>;
  /** Whether one more query would not even be allowed to wait. */
  readonly busy: boolean;
  close(): Promise<void>;
}

/**
 * Opens, or makes, the store in a directory. Throws DataUnusableError where it cannot be opened.
 * Two sessions share it: one writes, the others are read-only for good and are all that a client's
 * query ever reaches.
 */
export function openPointStore(options: {
  dir: string;
  datasets: readonly Dataset[];
  now: () => number;
  /** Is told when an older store is changed. */
  log?: (line: string) => void;
}): PointStore {
  makeFolder(options.dir, 0o750);
  const { dir, log = () => {} } = options;
  const writer = openSession(dir);
  try {
    writer.query("SET session_timezone = 'UTC'");
    for (const dataset of options.datasets) openTables(writer, dataset, { dir, log });
  } catch (error) {
    writer.close();
    throw error;
  }
  const queues = new Map(
    options.datasets.map((dataset) => [dataset.name, commitsOf(writer, dataset, options.now)]),
  );
  const readers = Array.from({ length: queryLimits.maxRunning }, () => new Reader(options.dir));
  const turns = new Turns(readers, {
    maxWaiting: queryLimits.maxQueued,
    maxWaitMs: queryLimits.maxQueuedMs,
  });
  let waitingBytes = 0;

  return {
    async append(dataset, points) {
      const queue = queues.get(dataset);
      if (queue === undefined) throw new StoreError(`There is no dataset ${dataset}.`, undefined);
      if (waitingBytes > maxWaitingBytes) {
        throw new StoreError("Too many points wait to be stored.", undefined);
      }
      waitingBytes += points.length;
      try {
        await queue.add(points);
      } finally {
        waitingBytes -= points.length;
      }
    },
    query(sql, format) {
      return turns.use((reader) => reader.query(sql, format));
    },
    tables: new Map(options.datasets.map((dataset) => [dataset.name, tableOf(dataset)])),
    get busy() {
      return turns.full;
    },
    async close() {
      for (const queue of queues.values()) await queue.idle();
      // A client's query would keep the process alive to the end of its time.
      await writer.queryAsync("KILL QUERY WHERE query NOT LIKE 'KILL%' ASYNC");
      for (const session of [...readers, writer]) session.close();
      await drainPending();
    },
  };
}

function commitsOf(writer: Session, dataset: Dataset, now: () => number): GroupCommit<Uint8Array> {
  const staging = stagingOf(dataset);
  return new GroupCommit({
    sizeOf: (points) => points.length,
    maxGroupSize: maxGroupBytes,
    async commit(groups) {
      try {
        // Emptied first, not last: what a failed commit staged is sent again by its owner.
        await writer.queryAsync(`TRUNCATE TABLE ${staging}`);
        await writer.insert({
          table: staging,
          values: Buffer.concat(groups),
          format: "JSONEachRow",
        });
        await writer.queryAsync(moveStatement(dataset, now()));
      } catch (error) {
        throw new StoreError("Points could not be stored.", clickhouseCodeOf(error), error);
      }
    },
  });
}

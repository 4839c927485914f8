/**
 * What one client query may cost. Production does not publish its numbers; these keep a laptop
 * usable and let ingestion go on beside the heaviest query.
 */
export const queryLimits = {
  maxExecutionTimeS: 20,
  maxResultRows: 1_000_000,
  /** As the columns have it; as JSON it is twice to three times as much. */
  maxResultBytes: 32 * 1024 * 1024,
  /** What one may hold; groups and sorts that come near it go on on the disk. */
  maxMemoryBytes: 512 * 1024 * 1024,
  maxBytesBeforeDisk: 128 * 1024 * 1024,
  /** Threads of one: two queries at once leave a laptop's other cores to the Worker. */
  maxThreads: 2,
  /** Rows that each thread holds of each column at a time; a fourth of ClickHouse's own. */
  maxBlockRows: 16_384,
  /** Queries that run at once; each takes one of the four threads that Node gives native work. */
  maxRunning: 2,
  /** Queries that wait for their turn; one more is refused with production's words. */
  maxQueued: 64,
  /** How long one may wait for its turn, ms; Cloudflare's gateway gives up at 60 s as well. */
  maxQueuedMs: 60_000,
  /** Characters of a statement that is printed for ClickHouse, far above the 10,000 a client may send. */
  maxPrintedBytes: 4 * 1024 * 1024,
};

/**
 * What the store may hold beside the queries' own, bytes; ClickHouse's defaults are a server's, some
 * gigabytes each.
 */
export const storeLimits = {
  /** All of ClickHouse in this process: beyond, queries are refused and points are sent again later. */
  maxMemoryBytes: 2 * 1024 * 1024 * 1024,
  /** Where in its files which rows begin: 10 million points take a few megabytes. */
  maxMarksBytes: 64 * 1024 * 1024,
  maxConditionsBytes: 16 * 1024 * 1024,
  maxExpressionsBytes: 16 * 1024 * 1024,
};

/** The most bytes of points that one commit takes: some 30,000 points, a tenth of a second. */
export const maxGroupBytes = 16 * 1024 * 1024;

/** The most bytes of points that may wait for their commit; beyond, the binding is told to come back. */
export const maxWaitingBytes = 128 * 1024 * 1024;

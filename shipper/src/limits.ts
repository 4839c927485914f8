/** Every limit of the shipper's shell, with its unit and its reason. Those of retries and freshness stand in `core/`. */

/** Bytes read from disk at once: large enough that the reads cost nothing, small enough to hold several. */
export const pieceBytes = 1024 * 1024;

/** Above this many events a batch, lines are known by their heads alone: parsing each would cost more than sending them. */
export const maxEventsForParsing = 1000;

/** Bytes sent without a pause from which on it is worth compiling code: below, the backlog is gone before it pays. */
export const hurryAboveBytes = 8 * 1024 * 1024;

/** How often the disk is looked at where no watcher speaks up, ms: inotify is silent on overlays and network file systems. */
export const pollMs = 2_000;

/** The same where the watcher has been found to miss things, ms. */
export const eagerPollMs = 500;

/** So many finds in a row that no watcher announced mean that there is none to rely on. */
export const missesUntilEager = 3;

/** How long the journal must be quiet after a signal to stop, ms: the last `stopped` is written after it. */
export const quietMs = 1_000;

/** A request without an answer is given up after this, ms. */
export const defaultDeadlineMs = 15_000;

/** A deadline grows up to this after failures, ms: a slow line then gets through at last. */
export const maxDeadlineMs = 60_000;

/** Bytes of an answer that are read; the longest legitimate one lists 250 refusals. */
export const maxAnswerBytes = 256 * 1024;

/** How often the token file is looked at, ms: between requests, and while the server refuses the token. */
export const tokenPollMs = 1_000;

/** Least time between two writes of the checkpoint while it moves, ms. */
export const checkpointEveryMs = 1_000;

/** Least time between two warnings of the same kind, ms. */
export const warnEveryMs = 60_000;

/** Size at which the writer of a journal deletes its oldest segment, where nobody was told otherwise, bytes. */
export const usualRetentionBytes = 64 * 1024 * 1024;

/** Longest pause that a server's pace makes after a batch, ms: a pace of next to nothing must not end the shipping. */
export const longestPaceMs = 300_000;

/** Every limit of the Worker, with its unit, its source and what it bounds. */

/** Events of one batch. Analytics Engine takes 250 points an invocation, and most events give one. */
export const defaultMaxEvents = 250;

/** Bytes of one batch after decompression: 1 MiB, some fifteen lines of the greatest length. */
export const defaultMaxBytes = 1024 * 1024;

/** What gzip may add to bytes that it cannot compress (RFC 1952 header, 5 bytes a stored block). */
export const gzipSlackBytes = 64 * 1024;

/**
 * Compressed bytes handed to the decompressor at a time. Deflate expands at most 1,032-fold, so that
 * a bomb is noticed after about 1 MiB of output, whatever the size of the chunk it arrived in.
 */
export const inflateStepBytes = 1024;

/** Points that one invocation gives to the binding (Analytics Engine's documented limit). */
export const defaultPointBudget = 250;

/** Bytes of an index of a data point (Analytics Engine's limit), and so of a machine's id. */
export const maxIndexBytes = 96;

/** Bytes of all blobs of a data point together (what the runtime checks). */
export const maxBlobsBytes = 16_000;

/** Characters of a bearer token; ours have some 400. Bounds what is decoded before anything is known. */
export const maxTokenChars = 8192;

/** Nesting of one event's JSON; the format needs two levels. */
export const maxJsonDepth = 16;

/** Journals of one machine that are held with their state; a machine has one, and one more a fork. */
export const maxFullJournals = 16;

/** Journals of one machine whose position is kept, about 200 bytes each. */
export const maxJournals = 4096;

/** Bytes of a stored value. A row of a Durable Object's SQLite may have 2 MB; this leaves room for the rest of it. */
export const maxStateBytes = 1_900_000;

/** Bytes of one stored chunk of owed points. */
export const maxOwedChunkBytes = 1_000_000;

/** Points that a machine may be owed; above it, batches wait. A batch gives at most some 1,300. */
export const maxOwedPoints = 20_000;

/** How long a journal is quiet before it is said to be silent, ms. */
export const defaultSilentAfterMs = 60 * 60 * 1000;

/** How long a journal is quiet before only its position is kept, ms: 100 days, Analytics Engine keeps 90. */
export const forgetStateAfterMs = 100 * 24 * 60 * 60 * 1000;

/** How long a client waits after 503, s; an object restarts in well under a second. */
export const retryAfterSeconds = 5;

/** How long a client waits after 429, s: the platform's shortest rate limit period. */
export const rateLimitedSeconds = 10;

/** Pause before owed points are tried again after the binding failed, ms. */
export const drainRetryMs = 15_000;

/** Batches that are worked on or wait for their turn at one machine's object. */
export const maxWaitingRequests = 64;

/** Bytes of their bodies: as many as eight of the greatest, of an isolate's 128 MB. */
export const maxWaitingBytes = 8 * 1024 * 1024;

/**
 * How long a batch's body may take to come, ms. A shipper gives a request 30 s in all; what is slower
 * than that holds memory for nobody.
 */
export const bodyDeadlineMs = 30_000;

/** How long a refused body is still taken off the wire, ms. */
export const discardDeadlineMs = 5000;

/** Bytes of a refused body that are still taken off the wire, so that its sender hears the answer: 16 MiB. */
export const maxDiscardedBytes = 16 * 1024 * 1024;

/**
 * Objects that share the directory of machines. Part of their names: not to be changed once machines
 * have sent. A fleet of 100,000 has some 1,600 rows in each, written once in a machine's life.
 */
export const directoryCount = 64;

/** How often the deployed page asks, ms: a point can be read half a minute after it was written. */
export const defaultViewRefreshMs = 30_000;

/** How long Cloudflare's SQL API may take, ms; it gives up on a query itself after 60 s. */
export const viewTimeoutMs = 30_000;

/** Queries that one isolate sends to Cloudflare's SQL API in `viewCallsWindowMs`; past 1,200 it blocks the token. */
export const maxViewCalls = 900;

/** The stretch of time that Cloudflare counts calls over, ms. */
export const viewCallsWindowMs = 5 * 60 * 1000;

/** How long nothing is asked after Cloudflare said that it was too much and not for how long, ms. */
export const viewPauseMs = 30_000;

/** Characters of one answer to a query: ten thousand rows of a dozen columns have some 3 million. */
export const maxViewAnswerChars = 8_000_000;

/** Answers that an isolate keeps for a refresh interval. */
export const maxKeptAnswers = 500;

/** Characters of all answers that are kept, a tenth of an isolate's 128 MB. */
export const maxKeptAnswerChars = 12_000_000;

/** Every limit of the format and of the fold, with its unit and its reason. */

/** Bytes of one line with its `\n`. Bounds what a reader must hold to see one event. */
export const maxLineBytes = 65_536;

/** Bytes of a process name; it becomes a blob of a point and a key of the process table. */
export const maxProcessNameBytes = 256;

/** Bytes of a state's name, known or unknown. With 400 processes the fold's state stays below the 2 MB a database row may have. */
export const maxStateNameBytes = 256;

/** Processes that the fold's table holds. pidnap's users have 5 to 40. */
export const maxProcesses = 400;

/** Latest time a JavaScript `Date` can hold, ms since the epoch (ECMA-262, time values). */
export const maxTimeMs = 8.64e15;

/** Default size at which a segment is sealed and the next one begins: 8 MiB. */
export const defaultMaxSegmentBytes = 8 * 1024 * 1024;

/** Default age at which a segment is sealed: 24 h. */
export const defaultMaxSegmentAgeMs = 24 * 60 * 60 * 1000;

/** Default size of all segments together, above which the oldest go: 64 MiB. */
export const defaultMaxTotalBytes = 64 * 1024 * 1024;

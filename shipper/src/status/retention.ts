/** The retention of a writer that was not told otherwise, bytes. */
export const usualRetentionBytes = 64 * 1024 * 1024;

/** The most that production takes, in its own words "maximum length: 10000". */
export const maxQueryLength = 10_000;

/**
 * How deep parentheses, brackets and CASEs may nest. Each level costs the recursive parser some
 * thirty frames, and ClickHouse's own parser stops at a depth of 1,000; dashboards need about ten.
 */
export const maxNestingDepth = 60;

/** How deep the tree may grow without parentheses, as a chain of additions does. */
export const maxTreeDepth = 300;

/** The longest name of a column in an answer, in characters. */
export const maxNameLength = 1_000;

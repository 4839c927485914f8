/** The most that production takes, in its own words "maximum length: 10000". */
export const maxQueryLength = 10_000;

/**
 * How deep parentheses, brackets and CASEs may nest. Each level costs the recursive parser some
 * thirty frames, and ClickHouse's own parser stops at a depth of 1,000; dashboards need about ten.
 */
export const maxNestingDepth = 60;

/** How deep the tree may grow without parentheses, as a chain of additions or of aliases does. */
export const maxTreeDepth = 300;

/**
 * How many parts a query may have with its aliases written out, as ClickHouse does. A query of the
 * longest length has some 5,000; only aliases of aliases of aliases have more, and thirty of those
 * (`a + a AS b, b + b AS c, …`) would keep ClickHouse busy until its memory ends.
 */
export const maxExpandedParts = 50_000;

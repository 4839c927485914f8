/**
 * The value below which a share of the values lies, interpolated between the two nearest as most
 * statistics programs do by default.
 *
 * @param sorted in ascending order, not empty; @param share 0 to 1
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

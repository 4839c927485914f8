/** What `statfs` says. */
export interface DiskFacts {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  /** Free to those who are not root. */
  readonly bavail: number;
}

/** A file system as `df` shows it: blocks kept for root count neither as used nor as usable. */
export function diskFigures({ bavail, bfree, blocks, bsize }: DiskFacts): {
  readonly diskUsedPercent: number;
  readonly diskTotalMb: number;
} {
  const used = Math.max(0, blocks - bfree);
  const usable = used + Math.max(0, bavail);
  return {
    diskUsedPercent: usable === 0 ? 0 : Math.min(100, (used / usable) * 100),
    diskTotalMb: (blocks * bsize) / 1024 / 1024,
  };
}

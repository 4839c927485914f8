/** Holds the last entries until it is known that they are the last. */
export interface Tail<Entry> {
  /** Whether entries are to be held; false once they were released, and where all are wanted. */
  readonly isHolding: boolean;
  /** Whether it holds fewer than were asked for. */
  readonly isShort: boolean;
  /** @param counts whether it is one of those that were asked for, or only stands between them */
  hold(entry: Entry, counts: boolean): void;
  /** What is held, oldest first; nothing is held from then on. */
  release(): readonly Entry[];
}

/** @param size how many of those that count are kept; undefined holds nothing back */
export function createTail<Entry>(size: number | undefined): Tail<Entry> {
  let held: Array<readonly [entry: Entry, counts: boolean]> = [];
  let start = 0;
  let counted = 0;
  let isHolding = size !== undefined;
  const dropOldest = (): void => {
    while (counted > (size ?? 0) || (start < held.length && held[start]?.[1] === false)) {
      if (held[start]?.[1] === true) counted -= 1;
      start += 1;
    }
    // Cut now and then, so that neither memory grows nor every entry moves the others.
    if (start > 1024 && start * 2 > held.length) {
      held = held.slice(start);
      start = 0;
    }
  };
  return {
    get isHolding() {
      return isHolding;
    },
    get isShort() {
      return isHolding && counted < (size ?? 0);
    },
    hold(entry, counts) {
      held.push([entry, counts]);
      if (counts) counted += 1;
      if (counts && counted > (size ?? 0)) dropOldest();
    },
    release() {
      isHolding = false;
      const released = held.slice(start).map(([entry]) => entry);
      held = [];
      return released;
    },
  };
}

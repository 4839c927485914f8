/**
 * Collects writes that arrive while an earlier one is under way and hands them over as one:
 * a commit costs the store some 10 ms whether it has one row or ten thousand. One commit runs
 * at a time, in order of arrival, so that what it finds stored stays true until it is done.
 */
export class GroupCommit<Item> {
  readonly #commit: (items: readonly Item[]) => Promise<void>;
  readonly #sizeOf: (item: Item) => number;
  readonly #maxGroupSize: number;
  #waiting: Waiting<Item>[] = [];
  #running: Promise<void> | undefined;

  /** `maxGroupSize` bounds what one commit takes, in the unit of `sizeOf`; a larger single item goes alone. */
  constructor(options: {
    commit: (items: readonly Item[]) => Promise<void>;
    sizeOf: (item: Item) => number;
    maxGroupSize: number;
  }) {
    this.#commit = options.commit;
    this.#sizeOf = options.sizeOf;
    this.#maxGroupSize = options.maxGroupSize;
  }

  /** Resolves when the item is committed; rejects with the commit's error, for all that went with it. */
  add(item: Item): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ item, resolve, reject });
    this.#running ??= this.#drain();
    return promise;
  }

  /** Resolves when nothing waits and nothing runs. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #drain(): Promise<void> {
    // What is added in the same turn belongs to the same group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      try {
        await this.#commit(group.map((waiting) => waiting.item));
        for (const waiting of group) waiting.resolve();
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
    }
    this.#running = undefined;
  }

  #nextGroup(): Waiting<Item>[] {
    let size = 0;
    let count = 0;
    for (const { item } of this.#waiting) {
      size += this.#sizeOf(item);
      if (count > 0 && size > this.#maxGroupSize) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Lends each of a few resources to one user at a time; the others wait in order of arrival. */
export class Turns<Resource> {
  readonly #free: Resource[];
  readonly #waiting: ((resource: Resource) => void)[] = [];
  readonly #maxWaiting: number;

  constructor(resources: readonly Resource[], maxWaiting: number) {
    this.#free = [...resources];
    this.#maxWaiting = maxWaiting;
  }

  /** Whether one more user would neither be served nor be allowed to wait. */
  get full(): boolean {
    return this.#free.length === 0 && this.#waiting.length >= this.#maxWaiting;
  }

  async use<T>(work: (resource: Resource) => Promise<T>): Promise<T> {
    const resource =
      this.#free.pop() ?? (await new Promise<Resource>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(resource);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(resource);
      else next(resource);
    }
  }
}

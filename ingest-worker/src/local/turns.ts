import { QueueTimeoutError } from "./errors.ts";

/** Lends each of a few resources to one user at a time; the others wait in order of arrival. */
export class Turns<Resource> {
  readonly #free: Resource[];
  readonly #waiting: ((resource: Resource) => void)[] = [];
  readonly #limits: TurnLimits;

  constructor(resources: readonly Resource[], limits: TurnLimits) {
    this.#free = [...resources];
    this.#limits = limits;
  }

  /** Whether one more user would neither be served nor be allowed to wait. */
  get full(): boolean {
    return this.#free.length === 0 && this.#waiting.length >= this.#limits.maxWaiting;
  }

  /** Gives what the work gives. Rejects with QueueTimeoutError where its turn did not come in time. */
  async use<T>(work: (resource: Resource) => Promise<T>): Promise<T> {
    const resource = this.#free.pop() ?? (await this.#wait());
    try {
      return await work(resource);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(resource);
      else next(resource);
    }
  }

  #wait(): Promise<Resource> {
    return new Promise((resolve, reject) => {
      const take = (resource: Resource) => {
        clearTimeout(timer);
        resolve(resource);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(new QueueTimeoutError(this.#limits.maxWaitMs));
      }, this.#limits.maxWaitMs);
      this.#waiting.push(take);
    });
  }
}

/** How many may wait, and how long. */
interface TurnLimits {
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

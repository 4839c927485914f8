import { Volume, type IFs, createFsFromVolume } from "memfs";
import type {
  Clock,
  HttpRequest,
  HttpResponse,
  LogFields,
  ShipperFs,
  World,
} from "../../src/world.ts";
import { admit, emptyJournal, type FakeJournal, type Reply } from "./fake-journal.ts";

/** What goes wrong with one request in a simulated network. */
export type SimulatedFault =
  | "lost-request"
  | "lost-answer"
  | "stall"
  | "garbage"
  | { readonly status: number; readonly retryAfter?: string; readonly body?: string }
  /** The server's answer, changed on its way. */
  | { readonly rewrite: (reply: Reply) => Reply };

export interface Sent {
  readonly atMs: number;
  readonly method: "GET" | "POST";
  readonly journal: string;
  readonly lines: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

const wallStartMs = 1_760_000_000_000;

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until nothing else can happen, and then goes on to the next timer. */
class FakeClock implements Clock {
  #nowMs = 0;
  #timers: Timer[] = [];

  now(): number {
    return wallStartMs + this.#nowMs;
  }

  mono(): number {
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, ms), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Lets time pass until `done` has settled. */
  async runUntil<T>(done: Promise<T>): Promise<T> {
    const state = { settled: false };
    const watched = done.finally(() => {
      state.settled = true;
    });
    watched.catch(() => undefined);
    while (!state.settled) {
      await quiet();
      if (!state.settled) this.#fireNext();
    }
    return watched;
  }

  /** Lets `ms` pass, whatever is to happen in it. */
  async pass(ms: number): Promise<void> {
    const state = { over: false };
    this.after(ms, () => {
      state.over = true;
    });
    while (!state.over) {
      await quiet();
      this.#fireNext();
    }
    await quiet();
  }

  #fireNext(): void {
    const [next] = this.#timers.toSorted((a, b) => a.atMs - b.atMs);
    if (next === undefined) return;
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.callback();
  }
}

/** Until what is under way without a timer has gone as far as it can. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** A disk in memory, a network without a socket, a clock without time. */
export class FakeWorld implements World {
  readonly clock = new FakeClock();
  readonly disk: IFs = createFsFromVolume(new Volume());
  readonly fs = this.disk.promises as unknown as ShipperFs;
  readonly journals = new Map<string, FakeJournal>();
  readonly sent: Sent[] = [];
  readonly logged: { readonly message: string; readonly fields: LogFields }[] = [];
  readonly rejects = new Map<number, string>();
  limits = { maxEvents: 250, maxBytes: 1024 * 1024 };
  token = "token-1";
  pace: number | undefined;
  latencyMs = 5;
  random: () => number = () => 0.5;
  /** Asked once a request, before the server acts. */
  fault: (sent: Sent) => SimulatedFault | undefined = () => undefined;
  /** Called when the server has acted. */
  onServed: (sent: Sent) => void = () => undefined;
  readonly #watchers = new Set<() => void>();

  constructor() {
    this.disk.mkdirSync("/journal");
    this.disk.writeFileSync("/token", `${this.token}\n`);
  }

  readonly log = {
    info: (message: string, fields: LogFields = {}) => void this.logged.push({ message, fields }),
    warn: (message: string, fields: LogFields = {}) => void this.logged.push({ message, fields }),
    error: (message: string, fields: LogFields = {}) => void this.logged.push({ message, fields }),
  };

  readonly gzip = async (bytes: Uint8Array): Promise<Uint8Array> => bytes;

  readonly watch = (_dir: string, onChange: () => void): { close(): Promise<void> } => {
    this.#watchers.add(onChange);
    return { close: async () => void this.#watchers.delete(onChange) };
  };

  /** What a watcher would say after the disk has changed. */
  changed(): void {
    for (const onChange of this.#watchers) onChange();
  }

  journal(id: string): FakeJournal {
    const journal = this.journals.get(id) ?? emptyJournal();
    this.journals.set(id, journal);
    return journal;
  }

  readonly request = async (request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> => {
    const body = Buffer.concat(request.body ?? []);
    const [, , , id = ""] = request.url.pathname.split("/");
    const lines = body.toString("utf8").split("\n").slice(0, -1);
    const { method, headers } = request;
    const sent: Sent = { atMs: this.clock.mono(), method, journal: id, lines, headers };
    this.sent.push(sent);
    const fault = this.fault(sent);
    await this.#delay(fault === "stall" ? Infinity : this.latencyMs, signal);
    if (fault === "lost-request") throw networkFault();
    if (typeof fault === "object" && "status" in fault) {
      const { status, retryAfter, body = "<html>" } = fault;
      return { status, headers: { "retry-after": retryAfter }, body };
    }
    const reply = this.#serve(sent, body);
    this.onServed(sent);
    if (fault === "lost-answer") throw networkFault();
    if (fault === "garbage") return { status: 200, headers: {}, body: "<html>hello</html>" };
    const said = typeof fault === "object" ? fault.rewrite(reply) : reply;
    return { status: said.status, headers: {}, body: JSON.stringify(said.body) };
  };

  #serve(sent: Sent, body: Buffer): Reply {
    if (sent.headers["authorization"] !== `Bearer ${this.token}`) {
      return { status: 401, body: { type: "unauthorized" } };
    }
    const journal = this.journal(sent.journal);
    if (sent.method === "GET") {
      const { next, last, boot, lastEventAt } = journal;
      return { status: 200, body: { next, last, boot, lastEventAt } };
    }
    const { limits, rejects, pace } = this;
    const reply = admit(journal, body, {
      limits,
      rejects,
      previousLine: sent.headers["previous-line"],
    });
    return reply.status === 200 && pace !== undefined
      ? { status: 200, body: { ...reply.body, pace } }
      : reply;
  }

  #delay(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = ms === Infinity ? () => undefined : this.clock.after(ms, resolve);
      const onAbort = (): void => {
        cancel();
        reject(signal.reason as Error);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}

function networkFault(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

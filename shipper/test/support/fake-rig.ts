import { segmentName } from "pidnap-journal";
import { ship, type ShipOptions } from "../../src/ship.ts";
import type { FakeJournal } from "./fake-journal.ts";
import { FakeWorld } from "./fake-world.ts";
import { journalId } from "./journal-files.ts";

/** A shipper in a simulated world: its time passes only when nothing else can happen. */
export class FakeRig {
  readonly world = new FakeWorld();
  readonly stop = new AbortController();
  running: Promise<void> = Promise.resolve();

  get journal(): FakeJournal {
    return this.world.journal(journalId);
  }

  options(changes: Partial<ShipOptions> = {}): ShipOptions {
    return {
      dir: "/journal",
      url: new URL("http://ingest.test"),
      tokenFile: "/token",
      state: "/state",
      once: false,
      maxEvents: 250,
      maxBytes: 1024 * 1024,
      compress: "none",
      lingerMs: 120_000,
      drainMs: 10_000,
      deadlineMs: 15_000,
      ...changes,
    };
  }

  /** Ships everything there is. */
  once(changes: Partial<ShipOptions> = {}): Promise<void> {
    return this.world.clock.runUntil(ship(this.world, this.options({ once: true, ...changes })));
  }

  /** Ships live from now on. */
  start(changes: Partial<ShipOptions> = {}): void {
    this.running = ship(this.world, this.options(changes), this.stop.signal);
    this.running.catch(() => undefined);
  }

  async stopped(): Promise<void> {
    this.stop.abort();
    await this.world.clock.runUntil(this.running);
  }

  pass(ms: number): Promise<void> {
    return this.world.clock.pass(ms);
  }

  write(firstSeq: number, lines: readonly string[]): string {
    const path = `/journal/${segmentName(firstSeq)}`;
    this.world.disk.mkdirSync("/journal", { recursive: true });
    this.world.disk.writeFileSync(path, text(lines));
    this.world.changed();
    return path;
  }

  append(path: string, ...lines: readonly string[]): void {
    this.world.disk.appendFileSync(path, text(lines));
    this.world.changed();
  }

  checkpoint(): { readonly next: number; readonly shipAs: string } {
    return JSON.parse(String(this.world.disk.readFileSync("/state/checkpoint.json"))) as {
      next: number;
      shipAs: string;
    };
  }

  /** Positions sent, one list a POST. */
  postedSeqs(): number[][] {
    return this.world.sent
      .filter(({ method }) => method === "POST")
      .map(({ lines }) => lines.map((line) => (JSON.parse(line) as { seq: number }).seq));
  }
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

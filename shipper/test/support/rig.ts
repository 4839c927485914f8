import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogFields } from "../../src/world.ts";
import { ship, type ShipOptions } from "../../src/ship.ts";
import { nodeWorld } from "../../src/world-node.ts";
import { FakeServer } from "./fake-server.ts";
import type { FakeJournal } from "./fake-journal.ts";
import { journalId } from "./journal-files.ts";

export interface Logged {
  readonly message: string;
  readonly fields: LogFields;
}

/** A journal's directory, a state directory, a token and a server, gone when the test is over. */
export class Rig {
  readonly root: string;
  readonly server: FakeServer;
  readonly logged: Logged[] = [];

  private constructor(root: string, server: FakeServer) {
    this.root = root;
    this.server = server;
    mkdirSync(this.dir);
    writeFileSync(this.tokenFile, `${server.token}\n`);
  }

  static async create(): Promise<Rig> {
    return new Rig(mkdtempSync(join(tmpdir(), "shipper-")), await FakeServer.start());
  }

  get dir(): string {
    return join(this.root, "journal");
  }

  get state(): string {
    return join(this.root, "state");
  }

  get tokenFile(): string {
    return join(this.root, "token");
  }

  get journal(): FakeJournal {
    return this.server.journal(journalId);
  }

  options(changes: Partial<ShipOptions> = {}): ShipOptions {
    return {
      dir: this.dir,
      url: new URL(this.server.url),
      tokenFile: this.tokenFile,
      state: this.state,
      once: true,
      maxEvents: 250,
      maxBytes: 1024 * 1024,
      compress: "gzip",
      lingerMs: 120_000,
      drainMs: 10_000,
      deadlineMs: 15_000,
      ...changes,
    };
  }

  /** Ships in this process, without waiting between attempts. */
  async ship(changes: Partial<ShipOptions> = {}, stop?: AbortSignal): Promise<void> {
    const record = (message: string, fields: LogFields = {}): void => {
      this.logged.push({ message, fields });
    };
    const world = nodeWorld({ info: record, warn: record, error: record });
    try {
      await ship({ ...world, random: () => 0 }, this.options(changes), stop);
    } finally {
      world.close();
    }
  }

  /** Flags for the command. */
  flags(): string[] {
    const { dir, state, tokenFile, server } = this;
    return ["--dir", dir, "--url", server.url, "--token-file", tokenFile, "--state", state];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

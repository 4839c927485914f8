import { appendFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { segmentName } from "pidnap-journal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BundledCommand, type RunningCommand } from "./support/command.ts";
import type { Fault } from "./support/fake-server.ts";
import { lineAt, openedAt, transitionAt, writeSegment } from "./support/journal-files.ts";
import { Rig } from "./support/rig.ts";

/**
 * A live journal that is written in pieces and damaged, whose oldest segments are deleted, behind a
 * network that fails in every way, shipped by real processes that are killed outright.
 */

let command: BundledCommand;
beforeAll(() => {
  command = new BundledCommand();
});
afterAll(() => command.close());

const seeds = [1, 2, 3].map((seed) => Number(process.env["SHIPPER_CHAOS_SEED"] ?? seed));

for (const seed of new Set(seeds)) {
  test(`with seed ${seed}, what is on disk arrives once as it is, and what is not is declared once`, async () => {
    await using rig = await Rig.create();
    const random = randomFrom(seed);
    rig.server.fault = () => chance(random);
    const writer = new Writer(rig.dir, random);
    let running: RunningCommand | undefined;
    for (let round = 0; round < 12; round += 1) {
      running ??= command.start([
        "run",
        ...rig.flags(),
        "--max-events",
        "40",
        "--timeout",
        "300ms",
      ]);
      for (let step = 0; step < 15; step += 1) {
        await writer.write();
        await delay(random() * 20);
      }
      if (random() < 0.6) {
        running.kill("SIGKILL");
        await running.ended;
        running = undefined;
      }
    }
    writer.finish();
    rig.server.fault = () => undefined;
    running?.kill("SIGTERM");
    await running?.ended;
    expect((await command.run(["run", "--once", ...rig.flags()])).code).toBe(0);

    const { folded, next } = rig.journal;
    expect([...folded.keys()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: next - 1 }, (_, index) => index + 1),
    );
    expect(next).toBe(writer.nextSeq);
    for (const [seq, text] of writer.onDisk) expect(folded.get(seq)).toBe(text);
    expect([...rig.server.journals.keys()]).toHaveLength(1);
  });
}

/** One request in three goes wrong. */
function chance(random: () => number): Fault | undefined {
  const roll = random() * 36;
  if (roll < 2) return { kind: "lose-answer" };
  if (roll < 4) return { kind: "reset" };
  if (roll < 5) return { kind: "stall" };
  if (roll < 6) return { kind: "answer", status: 502, body: "<html>bad gateway</html>" };
  if (roll < 7) return { kind: "answer", status: 503, headers: { "retry-after": "0" } };
  if (roll < 8) return { kind: "answer", status: 429 };
  if (roll < 9) return { kind: "answer", status: 200, body: "<html>welcome</html>" };
  if (roll < 10) return { kind: "garble", body: (body) => body.slice(0, body.length / 2) };
  if (roll < 11)
    return {
      kind: "garble",
      body: (body) =>
        body.includes("accepted") ? body.replace(/"next":(\d+)/, '"next":9$1') : body,
    };
  if (roll < 12) return { kind: "answer", status: 409, body: '{"type":"gap","expected":1}' };
  return undefined;
}

class Writer {
  nextSeq = 1;
  readonly onDisk = new Map<number, string>();
  readonly #dir: string;
  readonly #random: () => number;
  #segments: number[] = [];

  constructor(dir: string, random: () => number) {
    this.#dir = dir;
    this.#random = random;
    this.#rotate();
  }

  /** A few lines, whole, in pieces or damaged; now and then a new segment, or the end of the oldest. */
  async write(): Promise<void> {
    const roll = this.#random();
    if (roll < 0.06) this.#rotate();
    else if (roll < 0.09 && this.#segments.length > 2) this.#expire();
    const lines = 1 + Math.floor(this.#random() * 12);
    for (let line = 0; line < lines; line += 1) await this.#writeLine();
  }

  /** An undamaged last line, so that everything before it counts. */
  finish(): void {
    this.#put(transitionAt(this.nextSeq));
  }

  async #writeLine(): Promise<void> {
    const seq = this.nextSeq;
    const text = this.#random() < 0.3 ? transitionAt(seq) : lineAt(seq);
    const roll = this.#random();
    if (roll < 0.03) this.#damage(`${"\0".repeat(30)}\n`);
    else if (roll < 0.06) this.#damage(`${text.slice(0, 30)}\n`);
    else if (roll < 0.08) this.#damage(`${text.slice(0, 50)}#${text.slice(51)}\n`);
    else if (roll < 0.1) appendFileSync(this.#path(), "no event at all\n");
    else if (roll < 0.3) await this.#putInPieces(text);
    else this.#put(text);
  }

  /** The line takes its position and is lost. */
  #damage(bytes: string): void {
    appendFileSync(this.#path(), bytes);
    this.nextSeq += 1;
  }

  async #putInPieces(text: string): Promise<void> {
    const cut = Math.floor(this.#random() * text.length);
    appendFileSync(this.#path(), text.slice(0, cut));
    await delay(this.#random() * 5);
    this.#put(text, text.slice(cut));
  }

  #put(text: string, rest = text): void {
    appendFileSync(this.#path(), `${rest}\n`);
    this.onDisk.set(this.nextSeq, text);
    this.nextSeq += 1;
  }

  #rotate(): void {
    this.#segments.push(this.nextSeq);
    const text = openedAt(this.nextSeq);
    writeSegment(this.#dir, this.nextSeq, [text]);
    this.onDisk.set(this.nextSeq, text);
    this.nextSeq += 1;
  }

  #expire(): void {
    const oldest = this.#segments.shift() ?? 1;
    unlinkSync(join(this.#dir, segmentName(oldest)));
    for (const seq of this.onDisk.keys())
      if (seq < (this.#segments[0] ?? 1)) this.onDisk.delete(seq);
  }

  #path(): string {
    return join(this.#dir, segmentName(this.#segments.at(-1) ?? 1));
  }
}

/** Mulberry32: the same chances for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

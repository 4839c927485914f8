import type { JournalEvent, NewEvent } from "pidnap-journal";
import { openJournalWith } from "../src/writer/journal.ts";
import type { OpenJournalOptions } from "../src/writer/options.ts";
import { seenEvents, type World } from "./_writer-world.ts";

/** An event of some 200 bytes that means nothing. */
export const note: NewEvent = { type: "note", padding: "x".repeat(100) };

/** A process that begins to run. */
export function running(process: string): NewEvent {
  return { type: "process.transitioned", process, from: "idle", to: "running", restarts: 0 };
}

/** Opens the journal as a process of its own. */
export async function openIn(world: World, options: OpenJournalOptions = {}) {
  return openJournalWith(world.startProcess().env, world.dir, options);
}

/** The names of the segments on the disk, oldest first. */
export function segments(world: World): string[] {
  return world.disk.list(world.dir).filter((name) => name.endsWith(".ndjson"));
}

/** Of all segments together. */
export function bytesOnDisk(world: World): number {
  const sizes = segments(world).map(
    (name) => world.disk.volume.statSync(`${world.dir}/${name}`).size,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Every event on the disk, in order. */
export function eventsIn(world: World): JournalEvent[] {
  return seenEvents(world.disk, world.dir).map(({ event }) => event);
}

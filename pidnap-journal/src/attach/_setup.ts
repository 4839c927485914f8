import type { EventOf } from "../event.ts";
import { attachIn, type AttachOptions } from "./attach.ts";
import { FakeManager, fakeJournal, FakeWorld } from "./_fake-pidnap.ts";

/** A manager, a world and a journal that belong together; nothing is attached yet. */
export interface Setup {
  readonly manager: FakeManager;
  readonly world: FakeWorld;
  readonly events: ReturnType<typeof fakeJournal>["events"];
  readonly attach: (options?: AttachOptions) => { readonly detach: () => void };
  /** What was journaled of processes: `name from>to`, with the restarts and the code where there are some. */
  readonly heard: () => string[];
}

export function setup(): Setup {
  const manager = new FakeManager();
  const world = new FakeWorld();
  const journal = fakeJournal();
  return {
    manager,
    world,
    events: journal.events,
    attach: (options = {}) => attachIn(world, manager, journal, { resources: false, ...options }),
    heard: () =>
      journal.events.flatMap((event) => {
        if (event.type !== "process.transitioned") return [];
        const { exitCode, from, process, restarts, to } = event as EventOf<"process.transitioned">;
        const code = exitCode === undefined ? "" : ` code=${exitCode}`;
        return [`${process} ${from}>${to}${restarts === 0 ? "" : ` r${restarts}`}${code}`];
      }),
  };
}

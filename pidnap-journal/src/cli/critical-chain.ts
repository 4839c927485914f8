import type { BootTimeline, ProcessTimeline } from "./boot-timeline.ts";

/** A link of the chain that made a boot take as long as it did. */
export interface ChainLink {
  readonly process: string;
  readonly startedMs: number;
  readonly endedMs: number;
}

/**
 * How far a start may lie from the end that it waited for, ms. A dependent's start is often heard
 * before its dependency's end, and starting it takes a moment.
 */
const earlyMs = 100;
const lateMs = 1000;

/**
 * The tasks that followed upon each other up to the end of the last one, the last one first. The journal
 * does not hold dependencies: a task that began when another ended is taken to have waited for it.
 */
export function criticalChain({ processes, tasksMs }: BootTimeline): ChainLink[] {
  const tasks = processes
    .flatMap((one) => (one.kind === "task" ? (linkOf(one) ?? []) : []))
    // What was added once all had ended was not waited for.
    .filter(({ endedMs }) => endedMs <= (tasksMs ?? Infinity) + earlyMs);
  const chain: ChainLink[] = [];
  let link = tasks.toSorted((a, b) => b.endedMs - a.endedMs)[0];
  while (link !== undefined) {
    chain.push(link);
    link = waitedFor(
      link,
      tasks.filter((task) => !chain.includes(task)),
    );
  }
  return chain;
}

function linkOf({ endedMs, process, startedMs }: ProcessTimeline): ChainLink | undefined {
  if (startedMs === null || endedMs === null) return undefined;
  return { process, startedMs, endedMs };
}

function waitedFor(link: ChainLink, tasks: readonly ChainLink[]): ChainLink | undefined {
  return tasks
    .filter(({ endedMs, startedMs }) => {
      const waitMs = link.startedMs - endedMs;
      return waitMs >= -earlyMs && waitMs <= lateMs && startedMs < link.startedMs;
    })
    .toSorted((a, b) => b.endedMs - a.endedMs)[0];
}

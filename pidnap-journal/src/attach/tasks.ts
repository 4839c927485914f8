import type { NewEvent } from "../event.ts";
import { kindOf } from "./kind.ts";
import type { PidnapEntry } from "./pidnap-surface.ts";

/** What a task's process was heard to do. */
export interface TaskNews {
  readonly process: string;
  /** The state it entered. */
  readonly state: string;
  /** Whether it ever ran. */
  readonly hasRun: boolean;
  /** How a run that this ends by itself ended; undefined where this ends none, null where it has no code. */
  readonly exitCode: number | null | undefined;
}

/** Knows when all tasks of a boot have ended. */
export interface TaskWatch {
  heard(news: TaskNews): void;
  /** A process left pidnap: a task that has not ended is not waited for any longer. */
  removed(process: string): void;
  /** The event, once: when every task among `entries`, and every one that ended and left, has ended. */
  completed(entries: readonly PidnapEntry[]): NewEvent | undefined;
}

type Progress = "open" | "withdrawn" | "succeeded" | "failed";

/**
 * A task has ended when it ran and came to rest. It failed unless that run ended by itself with code 0:
 * one that was killed, stopped on request or never found its command did not do its work.
 */
export function createTaskWatch(): TaskWatch {
  const tasks = new Map<string, Progress>();
  let isDone = false;
  return {
    heard: (news) => void tasks.set(news.process, progressOf(news)),
    removed(process) {
      if (tasks.get(process) === "open") tasks.delete(process);
    },
    completed(entries) {
      if (isDone) return undefined;
      const present = new Map(entries.map((entry) => [entry.name, entry]));
      const left = [...tasks].flatMap(([name, progress]) => (present.has(name) ? [] : [progress]));
      const here = entries.filter((entry) => isWaitedFor(entry, tasks.get(entry.name)));
      const all = [...left, ...here.map(({ name }) => tasks.get(name) ?? "open")];
      const ended = all.filter((progress) => progress !== "withdrawn");
      if (ended.length === 0 || ended.includes("open")) return undefined;
      isDone = true;
      const failed = ended.filter((progress) => progress === "failed").length;
      return { type: "tasks.completed", count: ended.length, failed };
    },
  };
}

function progressOf({ exitCode, hasRun, state }: TaskNews): Progress {
  if (state !== "stopped" && state !== "max-restarts-reached") return "open";
  // Stopped before it ever ran: nobody wants its work any more.
  if (!hasRun) return "withdrawn";
  return state === "stopped" && exitCode === 0 ? "succeeded" : "failed";
}

/** A task that nobody wants to run is not waited for, unless it runs or ran all the same. */
function isWaitedFor(entry: PidnapEntry, progress: Progress | undefined): boolean {
  return kindOf(entry) === "task" && (progress !== undefined || entry.desiredState !== "stopped");
}

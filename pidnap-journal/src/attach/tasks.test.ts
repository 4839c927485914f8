import { expect, test } from "vitest";
import type { PidnapEntry } from "./pidnap-surface.ts";
import { createTaskWatch, type TaskNews } from "./tasks.ts";

const task = (name: string, desiredState = "running"): PidnapEntry => ({
  name,
  options: { restartPolicy: "never" },
  desiredState,
});
const news = (process: string, state: string, facts: Partial<TaskNews> = {}): TaskNews => ({
  process,
  state,
  hasRun: true,
  exitCode: undefined,
  ...facts,
});

test("tasks are completed once, when the last one has ended", () => {
  const watch = createTaskWatch();
  const entries = [task("a"), task("b"), { name: "web" }, { name: "nightly", schedule: {} }];
  watch.heard(news("a", "running"));
  watch.heard(news("a", "stopped", { exitCode: 0 }));
  expect(watch.completed(entries)).toBeUndefined();
  watch.heard(news("b", "running"));
  expect(watch.completed(entries)).toBeUndefined();
  watch.heard(news("b", "stopped", { exitCode: 3 }));
  expect(watch.completed(entries)).toEqual({ type: "tasks.completed", count: 2, failed: 1 });
  expect(watch.completed(entries)).toBeUndefined();
});

test.each([
  ["code 0", news("a", "stopped", { exitCode: 0 }), 0],
  ["another code", news("a", "stopped", { exitCode: 1 }), 1],
  ["a signal, or no such command", news("a", "stopped", { exitCode: null }), 1],
  ["a stop on request", news("a", "stopped"), 1],
  ["too many restarts", news("a", "max-restarts-reached", { exitCode: 0 }), 1],
])("a task that ended by %s", (_, last, failed) => {
  const watch = createTaskWatch();
  watch.heard(last);
  expect(watch.completed([task("a")])).toMatchObject({ count: 1, failed });
});

test("without tasks nothing is completed", () => {
  expect(createTaskWatch().completed([{ name: "web" }])).toBeUndefined();
});

test("a task that nobody wants to run is not waited for", () => {
  const watch = createTaskWatch();
  watch.heard(news("a", "stopped", { exitCode: 0 }));
  watch.heard(news("c", "stopped", { hasRun: false }));
  expect(watch.completed([task("a"), task("b", "stopped"), task("c")])).toMatchObject({ count: 1 });
});

test("a task that left is counted where it had ended, and forgotten where not", () => {
  const watch = createTaskWatch();
  watch.heard(news("a", "stopped", { exitCode: 1 }));
  watch.heard(news("b", "running"));
  watch.removed("a");
  watch.removed("b");
  expect(watch.completed([])).toEqual({ type: "tasks.completed", count: 1, failed: 1 });
});

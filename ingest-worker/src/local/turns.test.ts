import { afterEach, expect, it, vi } from "vitest";
import { Turns } from "./turns.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("lends each resource to one at a time, in order of arrival, and is full when enough wait", async () => {
  const turns = new Turns(["a", "b"], { maxWaiting: 1, maxWaitMs: 60_000 });
  const used: string[] = [];
  const ends = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  const works = ends.map((end, index) =>
    turns.use(async (resource) => {
      used.push(`${index}${resource}`);
      await end.promise;
    }),
  );
  expect(used).toEqual(["0b", "1a"]);
  expect(turns.full).toBe(true);
  ends[1]?.resolve();
  await works[1];
  expect(used).toEqual(["0b", "1a", "2a"]);
  expect(turns.full).toBe(false);
  for (const end of ends) end.resolve();
  await Promise.all(works);
});

it("frees what a failing user had", async () => {
  const turns = new Turns(["only"], { maxWaiting: 0, maxWaitMs: 60_000 });
  await expect(turns.use(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.use((resource) => Promise.resolve(resource))).toBe("only");
});

it("lets nobody wait too long, and serves those who came later", async () => {
  vi.useFakeTimers();
  const turns = new Turns(["only"], { maxWaiting: 5, maxWaitMs: 60_000 });
  const end = Promise.withResolvers<void>();
  const first = turns.use(() => end.promise);
  const second = turns.use(() => Promise.resolve("second"));
  const refused = expect(second).rejects.toMatchObject({ code: "QUEUE_TIMEOUT", waitedMs: 60_000 });
  await vi.advanceTimersByTimeAsync(30_000);
  const third = turns.use(() => Promise.resolve("third"));
  await vi.advanceTimersByTimeAsync(30_000);
  await refused;
  end.resolve();
  await first;
  expect(await third).toBe("third");
});

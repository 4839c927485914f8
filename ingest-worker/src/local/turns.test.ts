import { expect, it } from "vitest";
import { Turns } from "./turns.ts";

it("lends each resource to one at a time, in order of arrival, and is full when enough wait", async () => {
  const turns = new Turns(["a", "b"], 1);
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
  const turns = new Turns(["only"], 0);
  await expect(turns.use(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.use((resource) => Promise.resolve(resource))).toBe("only");
});

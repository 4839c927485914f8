import { expect, it } from "vitest";
import { GroupCommit } from "./group-commit.ts";

/** A group commit whose commits end when told to. */
function controlled(maxGroupSize = 100) {
  const commits: { items: readonly number[]; end: PromiseWithResolvers<void> }[] = [];
  const group = new GroupCommit<number>({
    commit(items) {
      const end = Promise.withResolvers<void>();
      commits.push({ items, end });
      return end.promise;
    },
    sizeOf: (item) => item,
    maxGroupSize,
  });
  return { group, commits };
}

const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

it("takes what was added in one turn as one, and what comes meanwhile as the next", async () => {
  const { group, commits } = controlled();
  const first = [group.add(1), group.add(2)];
  await turns();
  const later = [group.add(3), group.add(4)];
  await turns();
  expect(commits.map(({ items }) => items)).toEqual([[1, 2]]);
  commits[0]?.end.resolve();
  await Promise.all(first);
  await turns();
  expect(commits.map(({ items }) => items)).toEqual([
    [1, 2],
    [3, 4],
  ]);
  commits[1]?.end.resolve();
  await Promise.all(later);
});

it("keeps a group to its size, and gives an item larger than that a group of its own", async () => {
  const { group, commits } = controlled(10);
  const all = [6, 4, 1, 50, 2].map((item) => group.add(item));
  for (let at = 0; at < 4; at += 1) {
    await turns();
    commits[at]?.end.resolve();
  }
  await Promise.all(all);
  expect(commits.map(({ items }) => items)).toEqual([[6, 4], [1], [50], [2]]);
});

it("fails those whose commit failed, and goes on with the others", async () => {
  const { group, commits } = controlled(1);
  const failing = group.add(1);
  const fine = group.add(1);
  await turns();
  commits[0]?.end.reject(new Error("disk full"));
  await expect(failing).rejects.toThrow("disk full");
  await turns();
  commits[1]?.end.resolve();
  await fine;
  await group.idle();
});

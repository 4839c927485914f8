import { expect, it } from "vitest";
import { maxKeptAnswerChars } from "../limits.ts";
import { Answers } from "./answers.ts";
import { noBudget } from "./call-budget.ts";
import type { UpstreamAnswer } from "./upstream.ts";

/** An upstream whose answers the test gives, and a clock that it moves. */
function world(answer: (sql: string) => UpstreamAnswer = () => ({ kind: "rows", json: "{}" })) {
  const asked: string[] = [];
  const clock = { now: 1_000_000 };
  const answers = new Answers({
    upstream: {
      ask(sql) {
        asked.push(sql);
        return Promise.resolve(answer(sql));
      },
    },
    budget: noBudget,
    now: () => clock.now,
    keepMs: 10_000,
  });
  return { answers, asked, clock };
}

it("gives an answer again until its interval is over, with the time it is from", async () => {
  const { answers, asked, clock } = world();
  await answers.ask("a");
  clock.now += 9999;
  expect(await answers.ask("a")).toEqual({ kind: "rows", json: "{}", askedAt: 1_000_000 });
  clock.now += 1;
  expect(await answers.ask("a")).toMatchObject({ askedAt: 1_010_000 });
  expect(asked).toEqual(["a", "a"]);
});

it("asks nothing while the upstream wants to be left alone, but still gives what it has", async () => {
  const limit = { kind: "analytics-limit", reason: "", retryAfterSeconds: 60 } as const;
  let isBusy = false;
  const { answers, asked, clock } = world(() => (isBusy ? limit : { kind: "rows", json: "{}" }));
  await answers.ask("a");
  isBusy = true;
  expect(await answers.ask("b")).toEqual(limit);
  clock.now += 5000;
  expect(await answers.ask("c")).toEqual({ ...limit, retryAfterSeconds: 55 });
  expect(await answers.ask("a")).toMatchObject({ kind: "rows" });
  isBusy = false;
  clock.now += 55_000;
  expect(await answers.ask("c")).toMatchObject({ kind: "rows" });
  expect(asked).toEqual(["a", "b", "c"]);
});

it("keeps no failure, and no more than it has room for", async () => {
  const big = "x".repeat(maxKeptAnswerChars / 4 + 1);
  let fails = true;
  const { answers, asked } = world(() =>
    fails ? { kind: "analytics-unavailable", reason: "" } : { kind: "rows", json: big },
  );
  await answers.ask("a");
  fails = false;
  for (const sql of ["a", "b", "c", "d"]) await answers.ask(sql);
  await answers.ask("d");
  await answers.ask("a");
  expect(asked).toEqual(["a", "a", "b", "c", "d", "a"]);
});

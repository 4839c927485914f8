import { expect, test } from "vitest";
import { retryAfterCapMs, retryCapMs, retryDelayMs, slowRetryMs } from "./retry.ts";

test("the wait is drawn evenly from nothing to a ceiling that triples and ends", () => {
  expect(retryDelayMs({ healing: "soon" }, 1, 0)).toBe(0);
  expect(retryDelayMs({ healing: "soon" }, 1, 0.5)).toBe(250);
  expect(retryDelayMs({ healing: "soon" }, 4, 0.5)).toBe(6_750);
  expect(retryDelayMs({ healing: "soon" }, 5_000, 0.5)).toBe(retryCapMs / 2);
});

test("what a server asks for is the least wait, spread behind it, and bounded", () => {
  expect(retryDelayMs({ healing: "soon", retryAfterMs: 10_000 }, 1, 0)).toBe(10_000);
  expect(retryDelayMs({ healing: "soon", retryAfterMs: 10_000 }, 1, 0.5)).toBe(12_500);
  expect(retryDelayMs({ healing: "soon", retryAfterMs: 1e15 }, 1, 0)).toBe(retryAfterCapMs);
});

test("what needs a person is tried slowly, whatever the attempt", () => {
  for (const attempt of [1, 10, 1_000]) {
    expect(retryDelayMs({ healing: "slow" }, attempt, 0.5)).toBe(slowRetryMs * 1.5);
  }
});

test("10,000 machines whose server was away for ten minutes do not come back at once", () => {
  const peaks = {
    jittered: peakOfReturn((attempt, random) => retryDelayMs({ healing: "soon" }, attempt, random)),
    // The same ceilings without chance: what the fleet would do if each waited exactly.
    exact: peakOfReturn((attempt) => retryDelayMs({ healing: "soon" }, attempt, 0.999_999)),
    told: peakOfReturn((attempt, random) =>
      retryDelayMs({ healing: "soon", retryAfterMs: 30_000 }, attempt, random),
    ),
  };
  expect(peaks.jittered).toBeLessThan(1_000);
  expect(peaks.told).toBeLessThan(1_000);
  expect(peaks.exact).toBe(10_000);
});

/** The most requests in any second from the server's return on. All machines lost it in the same instant. */
function peakOfReturn(delayMs: (attempt: number, random: number) => number): number {
  const downMs = 600_000;
  const perSecond = new Map<number, number>();
  let seed = 1;
  const random = (): number => {
    // Numerical Recipes' generator: enough to spread, and the same in each run.
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  for (let machine = 0; machine < 10_000; machine += 1) {
    let atMs = 0;
    for (let attempt = 1; atMs < downMs; attempt += 1) atMs += delayMs(attempt, random());
    const second = Math.floor(atMs / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  return Math.max(...perSecond.values());
}

import { describe, expect, it } from "vitest";
import { Sampler } from "./sampler.ts";
import { machineMetrics } from "./store-schema.ts";

interface Kept {
  readonly index1: string;
  readonly blobs: string[];
  readonly _sample_interval: number;
}

describe("a sampler", () => {
  it("keeps every point of an index that is slow enough", () => {
    const { sample } = makeSampler(100);
    expect(sample(points("a", 0, 100))).toHaveLength(100);
    expect(sample(points("b", 0, 100)).every((one) => one._sample_interval === 1)).toBe(true);
  });

  it("keeps about as many points of a fast one as it may write, weighed to about all of them", () => {
    const { sample, clock } = makeSampler(100);
    sample(points("fast", 0, 1000));
    const kept: Kept[] = [];
    for (let batch = 0; batch < 500; batch += 1) {
      if (batch % 10 === 0) clock.ms += 1000;
      kept.push(...sample(points("fast", 1000 + batch * 100, 100)));
    }
    expect(new Set(kept.map((one) => one._sample_interval))).toEqual(new Set([10]));
    expect(Math.abs(sum(kept) / 50_000 - 1)).toBeLessThan(0.05);
  });

  it("takes nothing from a quiet index for a busy one", () => {
    const { sample } = makeSampler(10);
    const kept = sample([...points("busy", 0, 5000), ...points("quiet", 0, 5)]);
    expect(kept.filter((one) => one.index1 === "quiet")).toHaveLength(5);
    expect(kept.filter((one) => one.index1 === "busy").length).toBeLessThan(40);
  });

  it("keeps the same points of the same data, whatever their figures are", () => {
    const namesOf = (kept: readonly Kept[]) => kept.map((one) => one.blobs[7]);
    const first = makeSampler(10).sample(points("m", 0, 200, 1));
    const again = makeSampler(10).sample(points("m", 0, 200, 2));
    expect(namesOf(again)).toEqual(namesOf(first));
    const lessSampled = makeSampler(50).sample(points("m", 0, 200, 1));
    expect(namesOf(lessSampled)).toEqual(expect.arrayContaining(namesOf(first)));
  });

  it("is quiet again a second after the rush", () => {
    const { sample, clock } = makeSampler(10);
    sample(points("m", 0, 1000));
    clock.ms += 2000;
    expect(sample(points("m", 1000, 5))).toHaveLength(5);
  });
});

function makeSampler(maxPerSecond: number) {
  const clock = { ms: 1_790_000_000_000 };
  const sampler = new Sampler({ maxPerSecond, now: () => clock.ms });
  const sample = (given: readonly object[]): Kept[] => {
    const points = given.map((point) => JSON.stringify(point)).join(",");
    const kept = sampler.sample(machineMetrics, new TextEncoder().encode(points));
    return JSON.parse(`[${new TextDecoder().decode(kept)}]`) as Kept[];
  };
  return { clock, sample };
}

function points(index1: string, from: number, count: number, figure = 0): object[] {
  return Array.from({ length: count }, (_, at) => {
    const blobs = ["o", "p", "t", "process", "web", "running", "boot", `journal:${from + at}`];
    return { index1, blobs, doubles: [figure] };
  });
}

function sum(kept: readonly Kept[]): number {
  return kept.reduce((total, one) => total + one._sample_interval, 0);
}

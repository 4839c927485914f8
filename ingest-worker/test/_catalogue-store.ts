import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue, fillQuery } from "../src/catalogue/index.ts";
import { openPointStore, type PointStore } from "../src/local/clickhouse.ts";
import { answerStatement } from "../src/local/sql-api.ts";
import { machineMetrics } from "../src/local/store-schema.ts";
import { makeScratch } from "./_local-command.ts";
import type { Point } from "./_points.ts";

/** The window that every query is asked for: an hour that begins here, ms since the epoch. */
const windowMs = Date.parse("2026-03-01T12:00:00Z");
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** So many minutes into the window, ms since the epoch. */
export function min(minutes: number): number {
  return windowMs + minutes * 60_000;
}

type Row = Readonly<Record<string, unknown>>;

/** Points, and what a query has to answer about them, worked out by hand. */
interface Known {
  readonly given?: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
  /** The answer where each point stands for itself. */
  readonly plain: readonly Row[];
  /** The answer where a point stands for as many as its `weight` says. */
  readonly sampled: readonly Row[];
  /** The answer where there is no point. Default: no row. */
  readonly empty?: readonly Row[];
}

/** A real store for the tests of one file, with the points of all of them, told apart by their org. */
export function openKnownPoints(): {
  readonly answers: (name: string, known: Known) => void;
} {
  const scratch = makeScratch();
  /** Lines by the time of their write. */
  const lines = new Map<number, string[]>();
  let writtenAt = 0;
  let store: PointStore;
  let seq = 0;
  let cases = 0;

  beforeAll(async () => {
    store = openPointStore({ dir: scratch.dir, datasets: [machineMetrics], now: () => writtenAt });
    for (const [at, some] of lines) {
      writtenAt = at;
      await store.append("machine_metrics", new TextEncoder().encode(some.join("\n")));
    }
  });
  afterAll(async () => {
    await store.close();
    scratch.remove();
  });

  const put = (org: string, at: number, points: readonly Point[], weighed = false) => {
    const list = lines.get(at) ?? [];
    lines.set(at, list);
    for (const point of points) list.push(lineOf(point, org, (seq += 1), weighed));
  };

  const answers = (name: string, known: Known): void => {
    const org = `org ${(cases += 1)}`;
    // Of another time, but written now: a query that went by the time of the write would count them.
    const others = [-10 * dayMs, hourMs, 10 * dayMs].flatMap((shift) =>
      known.points.map((point) => ({ ...point, at: point.at + shift })),
    );
    const points = [...known.points, ...others];
    put(org, windowMs + hourMs, points);
    put(`${org} sampled`, windowMs + hourMs, points, true);
    put(`${org} late`, windowMs + 3 * dayMs, points);
    const given = new URLSearchParams(known.given);
    describe(`${name} ${given.toString()}`, () => {
      describeAnswers(org, known, (asked) => askStore(store, name, asked));
    });
  };
  return { answers };
}

function describeAnswers(
  org: string,
  { given = {}, plain, sampled, empty = [] }: Known,
  ask: (asked: Asked) => Promise<Row[]>,
): void {
  it("counts what happened", async () => {
    expect(await ask({ org, given })).toMatchObject(plain);
  });
  it("weighs what was sampled", async () => {
    expect(await ask({ org: `${org} sampled`, given })).toMatchObject(sampled);
  });
  it("takes what was written days later for what happened then", async () => {
    expect(await ask({ org: `${org} late`, given })).toMatchObject(plain);
  });
  it("says nothing where there is nothing", async () => {
    expect(await ask({ org: "nobody", given })).toMatchObject(empty);
  });
}

interface Asked {
  readonly org: string;
  readonly given: Readonly<Record<string, string>>;
}

/** The rows of an answer, numbers as numbers of four decimals. */
async function askStore(store: PointStore, name: string, { org, given }: Asked): Promise<Row[]> {
  const query = catalogue.get(name);
  if (query === undefined) throw new Error(`There is no query ${name}.`);
  const range = { from: String(windowMs), to: String(windowMs + hourMs) };
  const values = new Map(Object.entries({ ...range, ...given }));
  const filled = fillQuery(query, values, { nowMs: 0, viewerOrg: org });
  if (filled.kind !== "statement") throw new Error(filled.reason);
  const answer = await answerStatement(filled.sql, { store, log: () => {} });
  if (answer.status !== 200) throw new Error(answer.body);
  const { data } = JSON.parse(answer.body) as { data: Row[] };
  const texts = query.columns.flatMap(({ name, unit }) => (unit === "text" ? [name] : []));
  const read = (column: string, value: unknown) =>
    texts.includes(column) || value === null ? value : Number(Number(value).toFixed(4));
  return data.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, read(column, value)])),
  );
}

function lineOf(point: Point, org: string, seq: number, weighed: boolean): string {
  const { machine, journal, number, at, lagMs, weight, metric, boot } = point;
  const blobs = Array<string>(20).fill("");
  const doubles = Array<number>(20).fill(0);
  blobs.splice(0, 4, org, point.project, point.machineType, metric);
  for (const [place, text] of Object.entries(point.blobs)) blobs[Number(place) - 1] = text;
  for (const [place, figure] of Object.entries(point.doubles)) doubles[Number(place) - 1] = figure;
  blobs[6] = boot;
  blobs[7] = `${journal}:${seq}`;
  doubles[4] = at;
  doubles[5] = lagMs;
  doubles[19] = number;
  const interval = weighed ? weight : 1;
  return JSON.stringify({ index1: machine, blobs, doubles, _sample_interval: interval });
}

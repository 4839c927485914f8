import { describe, expect, it } from "vitest";
import { catalogue } from "../../../catalogue/index.ts";
import { UsageError } from "../../errors.ts";
import { nearest } from "./nearest.ts";
import { readQuestion, type QuestionOptions } from "./question.ts";

const nowMs = Date.parse("2026-03-01T12:00:00Z");
const read = (text: string | undefined, options: QuestionOptions = {}) =>
  readQuestion(text, options, { nowMs });

describe("what sql is asked", () => {
  it("is a statement as it stands, or the catalogue's filled in", () => {
    expect(read("SELECT 1 AS one")).toEqual({ kind: "statement", sql: "SELECT 1 AS one" });
    const named = read("@exits", { param: ["machine=m=1"], since: "2026-03-01T00:00:00Z" });
    expect(named).toMatchObject({
      kind: "statement",
      query: catalogue.get("exits"),
      sql: expect.stringContaining("index1 = 'm=1'"),
    });
    expect(named).toMatchObject({ sql: expect.stringContaining("double5 >= 1772323200000") });
  });

  it("is a file with a head, as a query of the catalogue is", () => {
    const file = `-- group: fleet
-- question: a
-- unit: b
-- read: c
-- parameter: machine text
SELECT {machine}
`;
    expect(read(file, { param: ["machine=m"] })).toMatchObject({ sql: "SELECT 'm'" });
    expect(() => read("-- group: sky\nSELECT 1")).toThrow(/file\.sql: .* Mend|file\.sql/);
    expect(read("-- a remark\nSELECT 1")).toMatchObject({ sql: "-- a remark\nSELECT 1" });
  });

  it("is what there is to ask, or all about one query", () => {
    expect(read("@")).toEqual({ kind: "list" });
    expect(read(undefined, { list: true })).toEqual({ kind: "list" });
    expect(read("@exits", { list: true })).toEqual({
      kind: "about",
      query: catalogue.get("exits"),
    });
  });

  it("is refused with what was probably meant", () => {
    const wrong: [string | undefined, QuestionOptions, string, string][] = [
      [undefined, {}, "There is nothing to ask.", "--list"],
      [" \n", {}, "There is nothing to ask.", "--list"],
      ["@top-flaping", {}, "There is no query @top-flaping.", "Did you mean @top-flapping?"],
      ["@Exit", {}, "There is no query @Exit.", "Did you mean @exits?"],
      ["@qqqqqqqqqqq", {}, "There is no query @qqqqqqqqqqq.", "--list says"],
      ["@exits", { param: ["mashine=m"] }, 'no parameter "mashine"', "Did you mean machine?"],
      ["@versions", { param: ["q=m"] }, 'no parameter "q"', "It has from, to, org"],
      ["@exits", { param: ["machine"] }, '"machine" is no parameter and its value', "name=value"],
      ["@exits", { param: ["limit=1", "limit=2"] }, "limit is given more than once", "once"],
      ["@exits", { param: ["from=1"], since: "1h" }, "from is given more than once", "once"],
      ["@exits", { since: "1y" }, "@exits: from must be ms", "--list @exits"],
      ["@exits", { param: ["machine=o'hara"] }, "must not hold a quote", "--list @exits"],
      ["@processes", {}, "@processes: machine is missing.", "--param machine=…"],
      ["SELECT 1", { since: "1h" }, "--param and --since are for the catalogue's", "@name"],
      ["SELECT 1", { param: ["a=1"] }, "--param and --since are for the catalogue's", "@name"],
    ];
    for (const [text, options, message, hint] of wrong) {
      const error = thrownBy(() => read(text, options));
      expect(error, String(text)).toBeInstanceOf(UsageError);
      expect(error).toMatchObject({
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      });
    }
  });
});

describe("the step of a chart", () => {
  const stepOf = (options: QuestionOptions) => {
    const question = read("@restarts", options);
    return question.kind === "statement" ? question.steps?.stepMs : undefined;
  };

  it("is one that a terminal has room for, where none is given", () => {
    const steps = ["10m", "1h", "6h", "1d", "7d", "90d", "9999d"].map((since) =>
      stepOf({ chart: true, since }),
    );
    const minute = 60_000;
    const day = 1440 * minute;
    expect(steps).toEqual([30_000, 2 * minute, 10 * minute, 30 * minute, 180 * minute, day, day]);
  });

  it("is the one given, else the query's own", () => {
    expect(stepOf({ chart: true, since: "1d", param: ["step=60000"] })).toBe(60_000);
    expect(stepOf({ since: "90d" })).toBe(300_000);
  });
});

it("finds the name that is near, or begins so, and none that is far", () => {
  const names = ["machines", "machine-boots", "exits"];
  expect(nearest("mashines", names)).toBe("machines");
  expect(nearest("EXIT", names)).toBe("exits");
  expect(nearest("machine-b", names)).toBe("machine-boots");
  expect(nearest("resources", names)).toBeUndefined();
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

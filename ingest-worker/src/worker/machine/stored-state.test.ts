import { initialState } from "pidnap-journal/pure";
import { expect, it } from "vitest";
import { forgottenState, readState, writeState } from "./stored-state.ts";
import type { StateMigration } from "./stored-state.ts";

it("a state is read as it was written", () => {
  const state = { ...initialState(), measurements: 7 };
  expect(readState(writeState(state))).toEqual({ kind: "state", state });
});

it("an older state goes through every step up to this code's version", () => {
  const migrations = new Map<number, StateMigration>([
    [1, (older: unknown) => ({ ...(older as object), two: true })],
    [2, (older: unknown) => ({ ...(older as object), three: true })],
  ]);
  expect(readState({ version: 1, json: '{"one":true}' }, { current: 3, migrations })).toEqual({
    kind: "state",
    state: { one: true, two: true, three: true },
  });
});

it("an older state without a step is a fault, not a guess", () => {
  const reader = { current: 3, migrations: new Map() };
  expect(() => readState({ version: 2, json: "{}" }, reader)).toThrow("no step from version 2");
});

it("a newer state is not even parsed", () => {
  const reader = { current: 3, migrations: new Map() };
  expect(readState({ version: 4, json: "{" }, reader)).toEqual({ kind: "newer-state" });
});

it("a forgotten state knows nothing and goes on counting", () => {
  expect(forgottenState(12)).toEqual({ ...initialState(), measurements: 12 });
});

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createProgram } from "../src/cli/program.ts";
import { Figures } from "../src/metrics/figures.ts";
import { conclude } from "../src/status/conclude.ts";
import { findOut } from "../src/status/findings.ts";
import { FakeRig } from "./support/fake-rig.ts";
import { linesOf } from "./support/journal-files.ts";
import { parseExposition } from "./support/open-metrics.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const readme = readFileSync(join(root, "shipper", "README.md"), "utf8");
const manual = readFileSync(join(root, "docs", "shipper.md"), "utf8");

/** The cells of all rows of a document's tables, without the code marks. */
function rowsOf(document: string): string[][] {
  return document
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replace(/^`(.*)`$/, "$1")));
}

test("the table of options is what the program takes", () => {
  const nothing = async (): Promise<void> => undefined;
  const program = createProgram({ run: nothing, status: nothing, reship: nothing });
  const known = new Map<string, { variable: string; of: string[]; default: string }>();
  for (const command of program.commands) {
    for (const { flags, envVar, defaultValue, defaultValueDescription } of command.options) {
      if (known.has(flags)) {
        known.get(flags)?.of.push(command.name());
        continue;
      }
      const described = defaultValueDescription ?? String(defaultValue ?? "");
      const isSwitch = defaultValue === false;
      const said = isSwitch ? "off" : described;
      known.set(flags, { variable: envVar ?? "", of: [command.name()], default: said });
    }
  }
  const documented = rowsOf(readme).filter(([name]) => /^--[a-z]/.test(name ?? ""));
  const told = documented.map(([flags, variable, of = "", said]) => {
    return [flags, { variable, of: of.split(", "), default: said }] as const;
  });
  expect(new Map(told)).toEqual(known);
  expect(told).toHaveLength(known.size);
});

test("the report as JSON has the names that are documented", async () => {
  const rig = new FakeRig();
  rig.write(1, linesOf(1, 5));
  await rig.once();
  const { fs, clock } = rig.world;
  const world = { fs, now: () => clock.now(), isAlive: async () => false };
  const report = conclude(await findOut(world, { state: "/state" }));
  const told = /`--json` has the same as ([^:]*):/.exec(readme)?.[1] ?? "";
  expect([...told.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(Object.keys(report));
});

test("the table of figures is what a scrape shows", async () => {
  const families = parseExposition(await new Figures("0").registry.metrics());
  const exposed = [...families].map(([name, { type }]) => {
    return [type === "counter" ? `${name}_total` : name, type] as const;
  });
  const documented = rowsOf(manual).filter(([, type]) => type === "gauge" || type === "counter");
  const told = documented.map(([name, type]) => [name?.replace(/\{.*/, ""), type] as const);
  expect(new Map(told)).toEqual(new Map(exposed));
});

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  VariableType,
  type Dashboard,
  type Panel,
  type VariableModel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import * as units from "@grafana/grafana-foundation-sdk/units";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alertRulesFile, alerts } from "../grafana/alerts.ts";
import { gridColumns } from "../grafana/build-dashboard.ts";
import { dataSourceUid, pluginId, type PluginQuery } from "../grafana/data-source.ts";
import { grafanaFiles } from "../grafana/files.ts";
import { dashboards as specs } from "../grafana/spec/index.ts";
import { catalogue } from "../src/catalogue/index.ts";
import type { PointStore } from "../src/local/clickhouse.ts";
import { ask, known, machineWith, openKnownStore } from "./_grafana-store.ts";
import { makeScratch } from "./_local-command.ts";

const folder = fileURLToPath(new URL("../grafana/", import.meta.url));
const files = grafanaFiles();
const dashboards = [...files]
  .filter(([name]) => name.startsWith("dashboards/"))
  .map(([, text]) => JSON.parse(text) as Dashboard);
const scratch = makeScratch();
let store: PointStore;

beforeAll(async () => {
  store = await openKnownStore(scratch.dir);
});

afterAll(async () => {
  await store.close();
  scratch.remove();
});

it("the files are what the script makes: run scripts/make-grafana.ts where they are not", () => {
  for (const [name, text] of files) expect(readFileSync(folder + name, "utf8"), name).toBe(text);
  const there = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const made = there.filter((name) => /\.(?:json|yaml)$/.test(name));
  expect(made.toSorted()).toEqual([...files.keys()].toSorted());
});

it("every query of the catalogue is shown somewhere", () => {
  const shown = new Set(
    specs.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels.map((panel) => panel.query))),
  );
  const others = ["filter-values"];
  expect([...catalogue.keys()].filter((name) => !shown.has(name))).toEqual(others);
});

describe.each(dashboards)("$title", (dashboard) => {
  const panels = panelsOf(dashboard);

  it("has ids of its own, in the newest schema that its types know", () => {
    expect(dashboard.schemaVersion).toBe(42);
    expect(dashboards.filter(({ uid }) => uid === dashboard.uid)).toHaveLength(1);
    const ids = (dashboard.panels ?? []).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const types = panels.map(({ type }) => type);
    expect(["stat", "timeseries", "table", "state-timeline"]).toEqual(
      expect.arrayContaining(types),
    );
    const asked = { type: pluginId, uid: "${datasource}" };
    for (const panel of panels) {
      expect([panel.datasource, queryOf(panel).datasource], panel.title).toEqual([asked, asked]);
    }
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it("keeps to the grid, and no panel lies on another", () => {
    const taken = new Set<string>();
    for (const { title, gridPos } of dashboard.panels ?? []) {
      const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
      expect(w * h, title).toBeGreaterThan(0);
      expect(x + w, title).toBeLessThanOrEqual(gridColumns);
      for (let cell = 0; cell < w * h; cell++) {
        const place = `${x + (cell % w)},${y + Math.floor(cell / w)}`;
        expect(taken.has(place), `${title} at ${place}`).toBe(false);
        taken.add(place);
      }
    }
  });

  it("has units that Grafana knows", () => {
    const known = new Set<unknown>(Object.values(units));
    for (const { title, fieldConfig } of panels) {
      const overridden = fieldConfig?.overrides.flatMap(({ properties }) => properties) ?? [];
      const used = overridden
        .filter(({ id }) => id === "unit")
        .map(({ value }) => value as unknown);
      if (fieldConfig?.defaults.unit !== undefined) used.push(fieldConfig.defaults.unit);
      for (const unit of used) expect(known.has(unit), `${title}: ${String(unit)}`).toBe(true);
    }
  });

  it("asks nothing that the SQL API refuses, whatever is chosen, and each panel shows something", async () => {
    const shown = new Set<string | undefined>();
    for (const choice of choices) {
      for (const panel of panels) {
        const { query, format } = queryOf(panel);
        const { status, columns, rows } = await ask(store, expand(query, dashboard, choice));
        expect(status, `${panel.title}: ${query}`).toBe(200);
        if (rows.length > 0) shown.add(panel.title);
        const names = columns.map(({ name }) => name);
        // What is drawn over time has the time first.
        expect(names[0], panel.title).toBe(format === "time_series" ? "time_ms" : names[0]);
        const spokenOf = (panel.fieldConfig?.overrides ?? []).map(
          ({ matcher }) => matcher.options as unknown,
        );
        expect(names, panel.title).toEqual(expect.arrayContaining(spokenOf));
      }
    }
    expect(panels.map(({ title }) => title).filter((title) => !shown.has(title))).toEqual([]);
  });

  it("has filters to choose from", async () => {
    const variables = variablesOf(dashboard).filter(({ type }) => type === VariableType.Query);
    expect(variables.length).toBeGreaterThanOrEqual(4);
    for (const { name, query } of variables) {
      const sql = expand(query as string, dashboard, { machine: machineWith("leaking").machine });
      const { status, columns, rows } = await ask(store, sql);
      expect(status, sql).toBe(200);
      expect(columns, name).toHaveLength(1);
      expect(rows.length, name).toBeGreaterThan(0);
    }
  });
});

it("a machine whose name breaks out of a text gets a refusal, and no other machine's figures", async () => {
  const [fleet] = dashboards;
  const panel = panelsOf(fleet!)[0]!;
  for (const org of ["x' OR '1' = '1", "x'", "' OR blob1 != '"]) {
    expect(await ask(store, expand(queryOf(panel).query, fleet!, { org }))).toMatchObject({
      status: 422,
    });
  }
});

describe("alert rules", () => {
  const rules = alertRulesFile().groups[0]!.rules;
  const expected: Readonly<Record<string, readonly Record<string, string>[]>> = {
    "pidnap-silent-machine": [{ machine: machineWith("silent").machine }],
    "pidnap-crash-loop": [{ machine: machineWith("flapping").machine, process: "sync" }],
    "pidnap-never-ready": [{ name: machineWith("never-ready").project }],
    "pidnap-disk-full": [{ machine: machineWith("full-disk").machine }],
    "pidnap-ingest-lag": [{}],
    "pidnap-lost-events": [{ machine: machineWith("lossy").machine, reason: "expired" }],
  };

  it("have ids of their own, and name the data source that is provisioned", () => {
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
    expect(rules.map(({ uid }) => uid)).toEqual(Object.keys(expected));
    for (const { data, condition } of rules) {
      expect(data?.map(({ refId }) => refId)).toEqual(["A", "B", "C"]);
      expect(data?.[0]?.datasourceUid).toBe(dataSourceUid);
      expect(condition).toBe("C");
    }
  });

  it.each(rules)(
    "$title: fires for the machine that it is about, and for no other",
    async ({ uid, data }) => {
      const spec = alerts.find((one) => one.uid === uid)!;
      const query = data![0]!.model as unknown as PluginQuery;
      // A rule is expanded by the plugin alone: no variable of a dashboard may be left.
      const fromMs = known.toMs - spec.backSeconds * 1000;
      const sql = query.query
        .replaceAll(/\$__from\b/g, String(fromMs))
        .replaceAll(/\$__to\b/g, String(known.toMs));
      expect(sql).not.toContain("$");
      const answer = await ask(store, sql);
      expect(answer.columns[0], sql).toMatchObject({ name: "t", type: "DateTime" });
      expect(answer.columns.at(-1)?.name).toBe("value");
      const firing = answer.rows.filter(({ value }) => Number(value) > spec.above);
      expect(firing).toEqual(
        (expected[String(uid)] ?? []).map((labels) => expect.objectContaining(labels) as object),
      );
    },
  );
});

it("the data sources differ in address and token alone, and hold no token themselves", () => {
  const [cloudflare = "", local = ""] = ["cloudflare", "local"].map((name) =>
    files.get(`data-sources/${name}.yaml`),
  );
  for (const text of [cloudflare, local]) {
    expect(text).toContain(`uid: ${dataSourceUid}\n    type: ${pluginId}\n    access: proxy`);
    expect(text).toContain("httpHeaderName1: Authorization");
  }
  expect(cloudflare).toContain(
    "url: https://api.cloudflare.com/client/v4/accounts/$__env{CLOUDFLARE_ACCOUNT_ID}/analytics_engine/sql\n",
  );
  expect(cloudflare).toContain("httpHeaderValue1: Bearer $__env{CLOUDFLARE_API_TOKEN}\n");
  expect(local).toContain(
    "url: http://127.0.0.1:8787/client/v4/accounts/local/analytics_engine/sql\n",
  );
});

type Choice = Readonly<Record<string, string>>;

/** What somebody may have chosen above a dashboard. */
const choices: readonly Choice[] = [
  {},
  {
    org: machineWith("leaking").org,
    project: machineWith("leaking").project,
    machine_type: machineWith("leaking").machineType,
    machine: machineWith("leaking").machine,
    process: "indexer",
    boot: "boot-1",
  },
];

/** A statement as Grafana sends it: its own variables, those of the dashboard, and formats. */
function expand(sql: string, dashboard: Dashboard, choice: Choice): string {
  const variables = new Map(variablesOf(dashboard).map((variable) => [variable.name, variable]));
  const expanded = sql
    .replaceAll(/\$__from\b/g, String(known.fromMs))
    .replaceAll(/\$__to\b/g, String(known.toMs))
    .replaceAll(/\$__interval_ms\b/g, "60000")
    .replaceAll(/\$\{(\w+):(\w+)\}/g, (_, name: string, format: string) => {
      const variable = variables.get(name);
      if (variable === undefined) throw new Error(`${dashboard.title} has no variable ${name}.`);
      const value = choice[name] ?? String(variable.current?.value);
      // "All" with a value of its own goes in as that value is written, in no format.
      if (value === "$__all") return variable.allValue ?? "";
      return format === "sqlstring" ? `'${value.replaceAll("'", "''")}'` : value;
    });
  expect(expanded).not.toContain("$");
  return expanded;
}

function panelsOf({ panels = [] }: Dashboard): Panel[] {
  return panels.filter((panel): panel is Panel => panel.type !== "row");
}

function queryOf({ targets = [] }: Panel): PluginQuery {
  return targets[0] as unknown as PluginQuery;
}

function variablesOf({ templating }: Dashboard): VariableModel[] {
  return templating?.list ?? [];
}

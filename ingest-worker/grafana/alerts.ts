import { QueryBuilder, RuleBuilder, type Rule } from "@grafana/grafana-foundation-sdk/alerting";
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { TypeReduceBuilder, TypeThresholdBuilder } from "@grafana/grafana-foundation-sdk/expr";
import { dataSourceUid, pluginQuery } from "./data-source.ts";
import { alertSql, grafanaSql, type Filling } from "./sql.ts";
import { queryOf } from "./variables.ts";

/** When an operator is to be called, and what to say then. */
export interface AlertSpec {
  readonly uid: string;
  readonly title: string;
  /** Name of the query in the catalogue. */
  readonly query: string;
  readonly filling: Pick<Filling, "by" | "values">;
  /** How far the query looks back, s. */
  readonly backSeconds: number;
  readonly labels: readonly string[];
  /** An expression over the query's columns. */
  readonly value: string;
  readonly where?: string;
  /** It fires above this, once that has lasted for `lasts`. */
  readonly above: number;
  readonly lasts: string;
  readonly severity: "critical" | "warning";
  readonly summary: string;
  readonly noData: "OK" | "NoData";
}

const minutes = (count: number) => count * 60;
const hours = (count: number) => minutes(count * 60);
const everyMachine = { values: { limit: "1000" } };

/** The rules. Where no row comes, nothing is wrong; but for the lag, where it means that nothing arrives. */
export const alerts: readonly AlertSpec[] = [
  {
    uid: "pidnap-silent-machine",
    title: "A machine is silent",
    query: "silent-machines",
    filling: { values: { limit: "1000", quiet: "10m" } },
    // Once a day has passed it is no news any more.
    backSeconds: hours(24),
    labels: ["machine", "org", "project"],
    value: "silences",
    // Quiet ones that had stopped in order are meant to be.
    where: "state = 'silent'",
    above: 0,
    lasts: "0s",
    severity: "critical",
    summary: "{{ $labels.machine }} said nothing more, and had not stopped in order.",
    noData: "OK",
  },
  {
    uid: "pidnap-crash-loop",
    title: "A process is in a crash loop",
    query: "crash-loops",
    filling: everyMachine,
    backSeconds: minutes(15),
    labels: ["machine", "process", "org", "project"],
    // One of either is five failures within a minute already, where pidnap is not told otherwise.
    value: "crash_loops + gave_up",
    above: 0,
    lasts: "5m",
    severity: "critical",
    summary: "{{ $labels.process }} on {{ $labels.machine }} crashes again and again.",
    noData: "OK",
  },
  {
    uid: "pidnap-never-ready",
    title: "Machines do not get ready",
    query: "never-ready",
    filling: { by: "project", values: { limit: "1000" } },
    backSeconds: hours(1),
    labels: ["name"],
    value: "never_ready_percent",
    // One in a hundred is a broken machine; one in twenty is a broken release.
    above: 5,
    lasts: "5m",
    severity: "critical",
    summary: "More than 5 % of the starts of project {{ $labels.name }} did not get ready.",
    noData: "OK",
  },
  {
    uid: "pidnap-disk-full",
    title: "A disk is above 90 %",
    query: "hottest-disk",
    filling: everyMachine,
    backSeconds: minutes(15),
    labels: ["machine", "org", "project"],
    value: "disk_percent",
    above: 90,
    lasts: "5m",
    severity: "warning",
    summary: "The disk of {{ $labels.machine }} is nearly full.",
    noData: "OK",
  },
  {
    uid: "pidnap-ingest-lag",
    title: "Events arrive late",
    query: "ingest-lag",
    filling: { values: { step: "15m" } },
    backSeconds: minutes(30),
    labels: [],
    value: "p95_ms",
    // A shipper lingers for two minutes where nothing is urgent; five times that is trouble.
    above: 10 * 60 * 1000,
    lasts: "10m",
    severity: "warning",
    summary: "One in twenty events arrives more than ten minutes after it happened.",
    noData: "NoData",
  },
  {
    uid: "pidnap-lost-events",
    title: "Events were lost",
    query: "lost-events-by-machine",
    filling: everyMachine,
    backSeconds: hours(1),
    labels: ["machine", "org", "project", "reason"],
    value: "lost_events",
    above: 0,
    lasts: "0s",
    severity: "warning",
    summary: "{{ $labels.machine }} declared events lost: {{ $labels.reason }}.",
    noData: "OK",
  },
];

/** The rules as a file that Grafana provisions alerting from. */
export function alertRulesFile() {
  return {
    apiVersion: 1,
    groups: [
      { orgId: 1, name: "pidnap", folder: "pidnap", interval: "1m", rules: alerts.map(ruleOf) },
    ],
  };
}

/** What a file wants of a rule: the API's other fields are not for it. */
function ruleOf(spec: AlertSpec): Partial<Rule> {
  const filled = grafanaSql(queryOf(spec.query), { ...spec.filling, forAlert: true });
  const sql = alertSql(filled, spec);
  const { uid, title, condition, data, noDataState, execErrState, annotations, labels, isPaused } =
    new RuleBuilder(spec.title)
      .uid(spec.uid)
      .condition("C")
      .withQuery(step("A", dataSourceUid, spec.backSeconds, modelOf(sql)))
      .withQuery(step("B", "__expr__", 0, reduce))
      .withQuery(step("C", "__expr__", 0, threshold(spec.above)))
      .noDataState(spec.noData)
      .execErrState("Error")
      .annotations({ summary: spec.summary })
      .labels({ severity: spec.severity })
      .isPaused(false)
      .build();
  const rest = { noDataState, execErrState, for: spec.lasts, annotations, labels, isPaused };
  return { uid, title, condition, data, ...rest } as Partial<Rule>;
}

function step(refId: string, uid: string, from: number, model: Builder<Dataquery>) {
  return new QueryBuilder(refId).datasourceUid(uid).relativeTimeRange({ from, to: 0 }).model(model);
}

function modelOf(sql: string): Builder<Dataquery> {
  const query = pluginQuery("A", dataSourceUid, "time_series", sql);
  return { build: () => ({ ...query, _implementsDataqueryVariant() {} }) };
}

const reduce = new TypeReduceBuilder().refId("B").expression("A").reducer("last");

function threshold(above: number) {
  return new TypeThresholdBuilder()
    .refId("C")
    .expression("B")
    .conditions([{ evaluator: { type: "gt", params: [above] } }]);
}

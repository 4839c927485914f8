import { alertRulesFile } from "./alerts.ts";
import { buildDashboard } from "./build-dashboard.ts";
import { dataSourceFiles } from "./data-source.ts";
import { dashboards } from "./spec/index.ts";

const provider = `# Dashboards of the folder that this file's \`path\` names.
apiVersion: 1

providers:
  - name: pidnap
    folder: pidnap
    type: file
    allowUiUpdates: false
    options:
      path: /var/lib/grafana/dashboards/pidnap
`;

/** Every file that Grafana is given, by its path below this folder. */
export function grafanaFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...dashboards.map((spec): [string, string] => [
      `dashboards/${spec.uid}.json`,
      toJson(buildDashboard(spec)),
    ]),
    ["provisioning/alerting/pidnap.json", toJson(alertRulesFile())],
    ["provisioning/dashboards/pidnap.yaml", provider],
    ["data-sources/cloudflare.yaml", dataSourceFiles.cloudflare],
    ["data-sources/local.yaml", dataSourceFiles.local],
  ]);
}

function toJson(value: unknown): string {
  return `${withShortLists(JSON.stringify(value, null, 2))}\n`;
}

const listOfValues = /^(.*)\[\n((?: +(?:"(?:[^"\\]|\\.)*"|[-\d.]+),?\n)+) *\](,?)$/gm;

/** As the formatter of this repository has it: a list of plain values on one line where it fits. */
function withShortLists(json: string): string {
  return json.replaceAll(listOfValues, (whole, before: string, items: string, comma: string) => {
    const line = `${before}[${items.trim().split(/,\n */).join(", ")}]${comma}`;
    return line.length <= 100 ? line : whole;
  });
}

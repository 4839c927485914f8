/** The plugin that Cloudflare recommends for the SQL API. */
export const pluginId = "vertamedia-clickhouse-datasource";

/** Id of the data source, whichever of the two is installed: alert rules name it. */
export const dataSourceUid = "pidnap-metrics";

/** What the plugin asks the SQL API, as its panels and rules keep it. */
export interface PluginQuery {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly query: string;
  readonly format: "time_series" | "table";
  readonly rawQuery: true;
  readonly editorMode: "sql";
  readonly dateTimeType: "DATETIME";
  readonly dateTimeColDataType: "timestamp";
  readonly table: "machine_metrics";
  readonly intervalFactor: 1;
  readonly interval: "";
  readonly round: "0s";
  readonly extrapolate: false;
  readonly skip_comments: true;
  readonly add_metadata: false;
}

/**
 * Raw SQL, sent as it stands: nothing is made up for a step that is not over (`extrapolate`), and no
 * comment is put in front of it (`add_metadata`), which the SQL API's dialect does not have.
 */
export function pluginQuery(
  refId: string,
  uid: string,
  format: PluginQuery["format"],
  query: string,
): PluginQuery {
  return {
    refId,
    datasource: { type: pluginId, uid },
    query,
    format,
    rawQuery: true,
    editorMode: "sql",
    dateTimeType: "DATETIME",
    dateTimeColDataType: "timestamp",
    table: "machine_metrics",
    intervalFactor: 1,
    interval: "",
    round: "0s",
    extrapolate: false,
    skip_comments: true,
    add_metadata: false,
  };
}

const sqlUrl = "analytics_engine/sql";

/** Provisioning of the data source, for Cloudflare's SQL API and for the local one. */
export const dataSourceFiles = {
  cloudflare: dataSourceFile(
    "Cloudflare's SQL API. CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN come from Grafana's environment;\n# the token needs the permission Account Analytics: Read, and no other.",
    `https://api.cloudflare.com/client/v4/accounts/$__env{CLOUDFLARE_ACCOUNT_ID}/${sqlUrl}`,
    "Bearer $__env{CLOUDFLARE_API_TOKEN}",
  ),
  local: dataSourceFile(
    "The local server that `npm start`, `npm run fleet` and `npx pidnap-ingest dev` run. It takes any token.\n# From within a container, the host is not 127.0.0.1: name it as your container does.",
    `http://127.0.0.1:8787/client/v4/accounts/local/${sqlUrl}`,
    "Bearer local",
  ),
};

function dataSourceFile(about: string, url: string, authorization: string): string {
  return `# ${about}
apiVersion: 1

datasources:
  - name: pidnap metrics
    uid: ${dataSourceUid}
    type: ${pluginId}
    access: proxy
    url: ${url}
    basicAuth: false
    isDefault: false
    editable: false
    jsonData:
      dataSourceUrl: ${url}
      usePOST: true
      addCorsHeader: false
      defaultDatabase: ""
      httpHeaderName1: Authorization
    secureJsonData:
      httpHeaderValue1: ${authorization}
`;
}

import type { Dimension } from "../src/catalogue/index.ts";

/** What a panel shows, and how much room it takes of the grid: 24 columns, rows of some 30 pixels. */
export type PanelSpec = {
  /** Name of the query in the catalogue. */
  readonly query: string;
  /** Default: the query's question. */
  readonly title?: string;
  readonly width: number;
  readonly height: number;
  readonly by?: Dimension | "variable";
  /** Values of parameters that neither a variable nor the panel's interval is for. */
  readonly values?: Readonly<Record<string, string>>;
} & (
  | { readonly kind: "numbers"; readonly columns: readonly string[] }
  | {
      readonly kind: "lines" | "bars";
      /** One or more of the same unit; with `series`, one. */
      readonly columns: readonly [string, ...string[]];
      /** A line for each value of this column. */
      readonly series?: string;
    }
  | { readonly kind: "table" }
  /** States of each process, one below the other. */
  | { readonly kind: "timeline" }
);

interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

/** A dashboard, and so a file. */
export interface DashboardSpec {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Variables beside those of every dashboard. */
  readonly variables: readonly ("process" | "boot")[];
  /** What the variable `by` can be; the first is its default. */
  readonly by: readonly Dimension[];
  readonly rows: readonly RowSpec[];
}

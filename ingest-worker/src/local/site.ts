import type { PointStore } from "./clickhouse.ts";
import type { Answer, SqlRequest } from "./sql-api.ts";

/** Serves the page. */
export function makeSite(_options: {
  store: Pick<PointStore, "query" | "busy" | "tables">;
  log: (line: string) => void;
  now: () => number;
}): (request: SqlRequest) => Promise<Answer> {
  return async () => ({ status: 200, body: "<!doctype html>", contentType: "text/html" });
}

import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BundledCommand, type RunningCommand } from "./support/command.ts";
import { append, lineAt, linesOf, transitionAt, writeSegment } from "./support/journal-files.ts";
import { parseExposition, type Family } from "./support/open-metrics.ts";
import { Rig } from "./support/rig.ts";

let command: BundledCommand;
beforeAll(() => {
  command = new BundledCommand();
});
afterAll(() => command.close());

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly body: string;
}

function ask(url: string, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method }, (incoming) => {
      let body = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (text: string) => (body += text));
      incoming.on("end", () => {
        resolve({ status: incoming.statusCode, type: incoming.headers["content-type"], body });
      });
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}

async function urlOf(running: RunningCommand): Promise<string> {
  await running.said("/metrics");
  return /http:\/\/127\.0\.0\.1:\d+\/metrics/.exec(running.stderr)?.[0] ?? "";
}

async function scrape(url: string): Promise<Map<string, Family>> {
  const { status, type, body } = await ask(url);
  expect(status).toBe(200);
  expect(type).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  return parseExposition(body);
}

const valueOf = (families: Map<string, Family>, name: string): number | undefined =>
  families.get(`pidnap_shipper_${name}`)?.samples[0]?.value;

/** Scrapes until `condition` holds. */
async function scrapedUntil(
  url: string,
  condition: (families: Map<string, Family>) => boolean,
): Promise<Map<string, Family>> {
  for (;;) {
    const families = await scrape(url);
    if (condition(families)) return families;
  }
}

test("figures of a running shipper, in OpenMetrics", async () => {
  await using rig = await Rig.create();
  rig.server.rejects.set(7, "not-an-event");
  const path = writeSegment(rig.dir, 1, linesOf(1, 600));
  const running = command.start(["run", ...rig.flags(), "--metrics-port", "0"]);
  const url = await urlOf(running);
  const shipped = await scrapedUntil(url, (all) => valueOf(all, "position") === 601);
  for (const [name, { help, samples }] of shipped) {
    expect(name).toMatch(/^pidnap_shipper_[a-z_]+$/);
    expect(help).toMatch(/^[A-Z].*\.|; always 1\.$/);
    expect(samples.every(({ value }) => Number.isFinite(value))).toBe(true);
  }
  expect(valueOf(shipped, "server_position")).toBe(601);
  expect(valueOf(shipped, "lag_events")).toBe(0);
  expect(shipped.get("pidnap_shipper_events_shipped")?.samples).toEqual([
    { name: "pidnap_shipper_events_shipped_total", labels: {}, value: 600 },
  ]);
  expect(valueOf(shipped, "batches_shipped")).toBe(3);
  expect(valueOf(shipped, "requests")).toBe(rig.server.requests.length);
  expect(valueOf(shipped, "request_bytes")).toBeLessThan(valueOf(shipped, "bytes_shipped")!);
  expect(shipped.get("pidnap_shipper_events_lost")?.samples).toContainEqual({
    name: "pidnap_shipper_events_lost_total",
    labels: { reason: "rejected" },
    value: 1,
  });
  expect(valueOf(shipped, "retention_headroom_bytes")).toBe(64 * 1024 ** 2);
  expect(valueOf(shipped, "retention_headroom_seconds")).toBeGreaterThan(0);
  expect(shipped.get("pidnap_shipper_build_info")?.samples[0]?.labels).toMatchObject({
    version: "0.1.0",
    node: process.versions.node,
  });

  rig.server.fault = () => ({ kind: "answer", status: 502, body: "<html>" });
  append(path, lineAt(601), transitionAt(602));
  const failing = await scrapedUntil(url, (all) => (valueOf(all, "failed_attempts") ?? 0) > 0);
  expect(failing.get("pidnap_shipper_failures")?.samples[0]).toMatchObject({
    labels: { slug: "status-502" },
  });
  expect(valueOf(failing, "lag_events")).toBe(2);
  expect(valueOf(failing, "lag_bytes")).toBe(lineAt(601).length + transitionAt(602).length + 2);
  expect(valueOf(failing, "next_retry_timestamp_seconds")).toBeGreaterThan(1_000_000_000);

  expect(await ask(url.replace("metrics", ""))).toMatchObject({ status: 404 });
  expect(await ask(url, "POST")).toMatchObject({ status: 405 });
  expect(await ask(url, "HEAD")).toMatchObject({ status: 200, body: "" });

  rig.server.fault = () => undefined;
  running.kill("SIGTERM");
  expect(await running.ended).toBe(0);
  expect(rig.journal.next).toBe(603);
});

test("before there is a journal, what is not known is left out", async () => {
  await using rig = await Rig.create();
  const running = command.start(["run", ...rig.flags(), "--metrics-port", "0"]);
  const families = await scrape(await urlOf(running));
  expect(families.get("pidnap_shipper_lag_events")?.samples).toEqual([]);
  expect(valueOf(families, "failed_attempts")).toBe(0);
  running.kill("SIGTERM");
  expect(await running.ended).toBe(0);
});

test("a port that is taken is one line, exit code 1, and nothing is shipped", async () => {
  await using rig = await Rig.create();
  writeSegment(rig.dir, 1, linesOf(1, 10));
  const port = String(rig.server.port);
  const taken = await command.run(["run", "--once", ...rig.flags(), "--metrics-port", port]);
  expect(taken.code).toBe(1);
  expect(taken.stderr.trim()).toMatch(/^pidnap-shipper: Port \d+ .* taken .*--metrics-port.*$/);
  expect(rig.server.requests).toEqual([]);
});

test("a port that is none is wrong use, also in the environment", async () => {
  await using rig = await Rig.create();
  const args = ["run", "--once", ...rig.flags()];
  for (const bad of ["65536", "-1", "http", "80.5", "127.0.0.1:9"]) {
    const env = { PIDNAP_SHIPPER_METRICS_PORT: bad };
    const result = await command.run(args, env);
    expect(result).toMatchObject({ code: 2 });
    expect(result.stderr.trim()).toMatch(/^pidnap-shipper: .*METRICS_PORT.* from 1 to 65535.*$/);
  }
});

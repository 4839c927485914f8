import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDev, type Dev } from "../src/local/dev.ts";
import { loadWorkerdScripts } from "../src/local/package-files.ts";
import { signMachineToken, type SigningKey } from "../src/index.ts";
import { makeScratch } from "./local-command.ts";

const hostile = "<img src=x onerror=\"document.title='broken'\">";
const scratch = makeScratch();
const screenshots = fileURLToPath(new URL("../test-output/", import.meta.url));
const complaints: string[] = [];
let dev: Dev;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true });
  dev = await startDev({
    port: 0,
    dataDir: scratch.dir,
    silentAfterMs: 3_600_000,
    now: Date.now,
    log: () => {},
    scripts: loadWorkerdScripts(),
  });
  const paths = [process.env["CHROMIUM_PATH"], "/usr/bin/chromium", "/usr/bin/google-chrome"];
  browser = await chromium.launch({
    executablePath: paths.find((path) => path !== undefined && existsSync(path)) ?? "chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  });
  page = await browser.newPage({ viewport: { width: 1280, height: 1200 } });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
});

afterAll(async () => {
  await browser.close();
  await dev.close();
  scratch.remove();
});

describe("the page", () => {
  it("says so when nothing has reported yet, and shows a machine when it arrives", async () => {
    await page.goto(dev.url);
    await page.getByText("No machine has reported in this time").waitFor();
    await sendHistory("first");
    await page.getByRole("link", { name: "first" }).waitFor();
    await page.locator("#machine-title", { hasText: "first" }).waitFor();
  });

  it("shows what the processes do, how they ended and how often they restarted", async () => {
    const row = page.locator("#processes").getByRole("row", { name: "worker" });
    await row.waitFor();
    expect(await row.locator("td").allInnerTexts()).toEqual([
      "running",
      expect.stringMatching(/ago$|just now/),
      "process",
      "2",
      "1 min",
      expect.stringMatching(/^(1 ×1\s*SIGKILL ×1|SIGKILL ×1\s*1 ×1)$/),
    ]);
  });

  it("takes a process's name for text, whatever is in it", async () => {
    await page.getByRole("rowheader", { name: hostile }).waitFor();
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe("pidnap machines");
  });

  it("draws restarts, start-ups and resources", async () => {
    await page.locator(".chart canvas").nth(4).waitFor();
    const drawn = await page.locator(".chart canvas").evaluateAll((canvases) =>
      canvases.map((canvas) => {
        const { width, height } = canvas as unknown as Canvas;
        const context = (canvas as unknown as Canvas).getContext("2d");
        const pixels = context.getImageData(0, 0, width, height).data;
        // Marks are in colour; axes and grid are grey.
        let coloured = 0;
        for (let at = 0; at < pixels.length; at += 4) {
          const [r = 0, g = 0, b = 0, a = 0] = pixels.slice(at, at + 4);
          if (a > 128 && Math.max(r, g, b) - Math.min(r, g, b) > 60) coloured += 1;
        }
        return coloured;
      }),
    );
    expect(drawn).toHaveLength(5);
    for (const coloured of drawn) expect(coloured).toBeGreaterThan(20);
    await page.screenshot({ path: join(screenshots, "page-light.png"), fullPage: true });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.screenshot({ path: join(screenshots, "page-dark.png"), fullPage: true });
  });

  it("keeps the machine and the range in its address", async () => {
    await sendHistory("second");
    await page.reload();
    await page.getByRole("link", { name: "second" }).click();
    await page.locator("#machine-title", { hasText: "second" }).waitFor();
    await page.getByRole("combobox").selectOption("6h");
    expect(new URL(page.url()).search).toBe("?since=6h&machine=second");
    await page.goBack();
    await page.goBack();
    await page.locator("#machine-title", { hasText: /first|second/ }).waitFor();
    await page.goto(`${dev.url}/?machine=second&since=15m`);
    await page.locator("#machine-title", { hasText: "second" }).waitFor();
    expect(await page.getByRole("combobox").inputValue()).toBe("15m");
  });

  it("says in its place what it could not be told, and goes on", async () => {
    await page.route("**/api/queries/resources**", (route) =>
      route.fulfill({ status: 429, json: { detail: "Too much." } }),
    );
    await page.reload();
    await page.locator(".chart", { hasText: "CPU" }).getByText("Too much.").waitFor();
    await page.locator("#processes").getByRole("row", { name: "worker" }).waitFor();
    await page.unroute("**/api/queries/resources**");
    await page.reload();
    await page.getByText("Live").waitFor();
  });

  it("runs nothing but its own files, and nothing in it complained", async () => {
    const response = await fetch(dev.url);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'self';/);
    const expected = complaints.filter((text) => text.includes("429"));
    expect(complaints.filter((text) => !expected.includes(text))).toEqual([]);
  });
});

describe("a named query", () => {
  it("answers, and refuses what it does not know", async () => {
    const ask = (path: string) => fetch(`${dev.url}/api/queries/${path}`);
    expect(await (await ask("machines?from=1d")).json()).toMatchObject({ rows: 2 });
    for (const [path, status] of [
      ["processes", 400],
      ["machines?from=1d&x=1", 400],
      ["processes?from=1d&machine=%27", 400],
      ["nothing", 404],
      ["..%2Fmachines", 404],
    ] as const) {
      const response = await ask(path);
      expect({ path, status: response.status }).toEqual({ path, status });
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
    expect((await fetch(dev.url, { method: "POST" })).status).toBe(405);
    expect((await fetch(`${dev.url}/assets/../../package.json`)).status).toBe(404);
  });
});

/** What is used of a canvas; Node's types know none. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: "2d"): {
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
  };
}

/** Two minutes of a machine that has just started: a worker that fails twice, samples, a start-up. */
async function sendHistory(machine: string): Promise<void> {
  const journal = crypto.randomUUID();
  const begin = Date.now() - 180_000;
  let seq = 0;
  const lines: string[] = [];
  const event = (after: number, type: string, fields: object = {}) => {
    seq += 1;
    const head = { v: 1, seq, at: begin + after, mono: after, boot: `boot-${machine}`, type };
    lines.push(`${JSON.stringify({ ...head, ...fields })}\n`);
  };
  const moves = (after: number, process: string, from: string, to: string, more: object = {}) =>
    event(after, "process.transitioned", {
      process,
      from,
      to,
      restarts: 0,
      kind: "process",
      ...more,
    });
  event(0, "segment.opened", { journal, processes: {} });
  event(1, "machine.booted", { entrypointAt: begin - 900 });
  for (const name of ["worker", hostile]) moves(10, name, "idle", "running");
  event(1500, "machine.ready");
  moves(60_010, "worker", "running", "restarting", { restarts: 1, exitCode: 1 });
  moves(61_000, "worker", "restarting", "running", { restarts: 1 });
  moves(70_000, "worker", "running", "restarting", { restarts: 2, signal: "SIGKILL" });
  moves(71_000, "worker", "restarting", "running", { restarts: 2 });
  for (let after = 10_000; after <= 170_000; after += 10_000) {
    const used = { memoryUsedMb: 900, memoryTotalMb: 2048, diskUsedPercent: 40 };
    event(after, "resources.sampled", { cpuPercent: 30 + (after % 7), ...used });
  }
  const { keys } = JSON.parse(
    readFileSync(join(scratch.dir, "keys", "signing-keys.json"), "utf8"),
  ) as { keys: [SigningKey] };
  const claims = {
    machineId: machine,
    org: "acme",
    project: "web",
    machineType: "vm",
    ttlSeconds: 600,
  };
  const response = await fetch(`${dev.url}/v1/journals/${journal}/events`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await signMachineToken(claims, keys[0])}`,
      "content-type": "application/x-ndjson",
    },
    body: lines.join(""),
  });
  expect(response.status).toBe(200);
}

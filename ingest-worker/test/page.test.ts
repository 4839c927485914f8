import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startDev, type Dev } from "../src/local/dev.ts";
import { loadWorkerdScripts, pageFiles } from "../src/local/package-files.ts";
import { colouredPixels, keepPicture, openBrowser, settled, type OpenBrowser } from "./_browser.ts";
import { hostileName, sendHistory, type Owner } from "./_history.ts";
import { makeScratch } from "./_local-command.ts";

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const scratch = makeScratch();
let dev: Dev;
let browser: OpenBrowser;
let page: Page;

beforeAll(async () => {
  dev = await startDev({
    port: 0,
    dataDir: scratch.dir,
    silentAfterMs: 3_600_000,
    now: Date.now,
    // Sooner than for people.
    viewRefreshMs: 1500,
    log: () => {},
    scripts: loadWorkerdScripts(),
  });
  browser = await openBrowser();
  page = browser.page;
});

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await dev.close();
  scratch.remove();
});

const send = (machine: string, owner?: Owner) => sendHistory(dev.url, scratch.dir, machine, owner);
const panel = (id: string) => page.locator(`section#${id}`);
const heading = (text: string) => page.getByRole("heading", { level: 2, name: text });
const search = () => new URL(page.url()).search;

async function open(path: string): Promise<void> {
  await page.goto(`${dev.url}${path}`);
  await settled(page);
}

/** What an accessibility check finds in the page, as `rule: element`. */
function violations(options: string): Promise<unknown> {
  return page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes[0].html))`,
  );
}

/** The texts of a panel's row, found by its heading. */
async function row(id: string, name: string): Promise<string[]> {
  const found = panel(id)
    .locator("tbody tr")
    .filter({
      has: page.getByRole("rowheader", { name, exact: true }),
    });
  return found.first().locator("td").allInnerTexts();
}

describe("the fleet", () => {
  it("says so when nothing has reported yet, and shows a machine within a refresh", async () => {
    await open("/");
    await page.getByText("No machine has reported in this time").waitFor();
    await send("first");
    await panel("machines").getByRole("link", { name: "first" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
  });

  it("shows what restarts most, how it ended, and its crash loop", async () => {
    await settled(page);
    const [machine, restarts, loops, , exit] = await row("top-flapping", "worker");
    expect([machine, restarts, loops, exit]).toEqual(["first", "2", "1", "137 SIGKILL"]);
    const [, state, , count] = await row("crash-loops", "worker");
    expect([state, count]).toEqual(["running", "1"]);
    expect(await panel("totals").innerText()).toMatch(/Never ready\s+0/);
  });

  it("is narrowed by filters that stay in the address, and go back and forth", async () => {
    await send("second", { org: "rival", machineType: "metal" });
    await open("/");
    await panel("machines").getByRole("link", { name: "second" }).waitFor();
    await page.locator("#filter-org").selectOption("rival");
    await panel("machines").getByRole("link", { name: "first" }).waitFor({ state: "detached" });
    expect(search()).toBe("?org=rival");
    await page.getByLabel("Time", { exact: true }).selectOption("6h");
    expect(search()).toBe("?org=rival&from=6h&to=now");
    await page.getByRole("link", { name: "Resources" }).click();
    await heading("Resources").waitFor();
    expect(search()).toBe("?view=resources&org=rival&from=6h&to=now");
    await page.goBack();
    await heading("Fleet").waitFor();
    await page.goBack();
    await page.goBack();
    await panel("machines").getByRole("link", { name: "first" }).waitFor();
    expect(search()).toBe("");
    await page.goForward();
    await panel("machines").getByRole("link", { name: "first" }).waitFor({ state: "detached" });
    expect(await page.locator("#filter-org").inputValue()).toBe("rival");
  });

  it("takes an absolute range, and moves it", async () => {
    const [from, to] = ["2026-03-01T10:00:00", "2026-03-01T12:00:00"];
    await open("/");
    await page.getByLabel("Time", { exact: true }).selectOption("custom");
    await page.getByLabel("From", { exact: true }).fill(from);
    await page.getByLabel("To", { exact: true }).fill(to);
    await page.getByRole("button", { name: "Apply" }).click();
    const ms = [from, to].map((text) => new Date(text).getTime());
    expect(search()).toBe(`?from=${ms[0]}&to=${ms[1]}`);
    await panel("machines").getByText("No machine has reported in this time").waitFor();
    await page.getByRole("button", { name: "Earlier" }).click();
    expect(search()).toBe(`?from=${ms[0]! - 3_600_000}&to=${ms[1]! - 3_600_000}`);
    await page.getByRole("button", { name: "Zoom out" }).click();
    expect(search()).toBe(`?from=${ms[0]! - 7_200_000}&to=${ms[1]!}`);
  });

  it("finds a machine or a process by its name", async () => {
    await open("/");
    await page.getByLabel("Find a machine or a process").fill("worker");
    await page.keyboard.press("Enter");
    await heading("Process worker, across the fleet").waitFor();
    await settled(page);
    expect(await row("process-machines", "first")).toEqual(
      expect.arrayContaining(["running", "2", "acme / web / vm"]),
    );
    await page.getByLabel("Find a machine or a process").fill("second");
    await page.keyboard.press("Enter");
    await heading("Machine second").waitFor();
  });
});

describe("a machine", () => {
  it("shows its processes over time, its start-up and its resources, all with marks", async () => {
    await open("/?machine=first&from=15m&to=now");
    await heading("Machine first").waitFor();
    for (const drawn of await colouredPixels(page, ".plot canvas")) {
      expect(drawn).toBeGreaterThan(20);
    }
    expect((await colouredPixels(page, ".stage canvas"))[0]).toBeGreaterThan(500);
    expect(await row("waterfall", "migrate")).toEqual(["task", "905 ms", "1.2 s", ""]);
    expect(await row("waterfall", "Ready")).toEqual(["time to ready", "0 ms", "2.4 s", ""]);
    const [state] = await row("processes", "migrate");
    expect(state).toBe("stopped");
  });

  it("lets its timeline be walked by keys, says what is there, and zooms", async () => {
    const stage = page.locator(".stage");
    const said = page.locator(".said");
    await stage.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("End");
    while (!(await said.innerText()).startsWith("worker")) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Home");
    expect(await said.innerText()).toMatch(
      /^worker: running, .*; then restarting, exit 1; boot boot-fir/,
    );
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await said.innerText()).toMatch(
      /then crash-loop-backoff, exit (?:137 )?SIGKILL; restarts 1/,
    );
    await page.keyboard.press("ArrowRight");
    expect(await said.innerText()).toMatch(/^worker: crash-loop-backoff, .*, 30 s; then running/);
    await page.keyboard.press("Enter");
    await expect.poll(search).toMatch(/^\?machine=first&from=\d{13}&to=\d{13}$/);
    const range = new URLSearchParams(search());
    expect(Number(range.get("to")) - Number(range.get("from"))).toBe(40_000);
    await page.goBack();
    await settled(page);
    const box = (await stage.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 60);
    await page.mouse.up();
    await expect.poll(search).toMatch(/^\?machine=first&from=\d{13}&to=\d{13}$/);
    await page.goBack();
  });

  it("shows how the last boot started, however little time is looked at", async () => {
    await open("/?machine=first&from=1s&to=now");
    expect(await row("waterfall", "migrate")).toEqual(["task", "905 ms", "1.2 s", ""]);
    expect(await row("waterfall", "Ready")).toEqual(["time to ready", "0 ms", "2.4 s", ""]);
    expect(await panel("machine-totals").innerText()).toMatch(
      /Restarts\s+0\s+Time to ready\s+2\.4 s/,
    );
  });

  it("says of a name that nobody has reported that it is none", async () => {
    await open("/?machine=nobody");
    await panel("machine-totals")
      .getByText(/^Nothing was heard of such a machine/)
      .waitFor();
    await open("/?process=nobody");
    await panel("process-totals")
      .getByText(/^Nothing was heard of such a process/)
      .waitFor();
  });

  it("has a table of every picture, for whoever cannot see it", async () => {
    await open("/?machine=first&from=15m&to=now");
    await panel("timeline").locator("summary", { hasText: "Table" }).click();
    const cells = panel("timeline").locator("details tbody tr").filter({ hasText: "SIGKILL" });
    expect(await cells.first().innerText()).toMatch(/^worker\s+running/);
    for (const id of ["cpu", "memory", "disk"]) {
      await panel(id).locator("summary", { hasText: "Table" }).click();
      await panel(id).locator("details tbody tr").nth(3).waitFor();
    }
    expect(await panel("memory").getByRole("img").getAttribute("aria-label")).toMatch(
      /^Memory\. used: last 900 MB, at most 900 MB; total: last 2.0 GB/,
    );
  });

  it("takes a process's name for text, whatever is in it", async () => {
    await panel("processes").getByRole("rowheader", { name: hostileName }).waitFor();
    await panel("processes").getByRole("link", { name: hostileName }).click();
    await heading(`Process ${hostileName}, across the fleet`).waitFor();
    await settled(page);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).toBe(`${hostileName} · pidnap machines`);
    await open(`/?machine=${encodeURIComponent(`"><script>alert(1)</script>`)}`);
    await heading('Machine "><script>alert(1)</script>').waitFor();
    expect(await page.locator("main script").count()).toBe(0);
  });
});

describe("what goes wrong", () => {
  const busy = (url: RegExp) =>
    page.route(url, (route) =>
      route.fulfill({
        status: 429,
        headers: { "retry-after": "7" },
        json: { type: "query-budget", detail: "Too much." },
      }),
    );

  it("stands in its own panel, with its query a click away, and the rest goes on", async () => {
    await busy(/queries\/hottest-cpu/);
    await open("/?view=resources&from=15m&to=now");
    await panel("hottest-cpu").getByText("Too much. Try again in 7 s.").waitFor();
    await panel("hottest-memory").getByRole("link", { name: "first" }).waitFor();
    await page.getByText("1 of 7 panels are not up to date").waitFor();
    await panel("hottest-cpu").locator("summary", { hasText: "Query" }).click();
    const about = await panel("hottest-cpu").locator("details.about").innerText();
    expect(about).toContain("npx pidnap-ingest sql @hottest-cpu --param from=15m --param to=now");
    expect(about).toContain("FROM machine_metrics");
    await page.unrouteAll();
  });

  it("keeps what was seen before, and says how old it is", async () => {
    await open("/?view=resources&from=15m&to=now");
    await busy(/queries\/hottest-memory/);
    const old = panel("hottest-memory").getByText(/^Not up to date: as of .* ago\. Too much\.$/);
    await old.waitFor();
    await panel("hottest-memory").getByRole("link", { name: "first" }).waitFor();
    await page.unrouteAll();
    await old.waitFor({ state: "hidden" });
    // Of another range there is nothing old that could stand for it.
    await busy(/queries\/hottest-memory/);
    await page.getByLabel("Time", { exact: true }).selectOption("6h");
    await panel("hottest-memory").getByText("Too much. Try again in 7 s.").waitFor();
    await page.unrouteAll();
  });

  it("never has two refreshes under way, and ends one that nobody waits for", async () => {
    let underWay = 0;
    let most = 0;
    await page.route(/api\/queries\/\w/, async (route) => {
      underWay += 1;
      most = Math.max(most, underWay);
      try {
        await route.continue();
      } finally {
        underWay -= 1;
      }
    });
    const ended: string[] = [];
    page.on("requestfailed", (request) => ended.push(request.failure()?.errorText ?? ""));
    await page.goto(`${dev.url}/?view=delivery`);
    for (const name of ["Fleet", "Processes", "Start-up"]) {
      await page.getByRole("link", { name, exact: true }).click();
    }
    await heading("Start-up").waitFor();
    await settled(page);
    await page.unrouteAll({ behavior: "wait" });
    expect(most).toBeLessThanOrEqual(8);
    expect(new Set(ended).size).toBeLessThanOrEqual(1);
  });
});

describe("for everyone", () => {
  it("can be used by keys alone, the content a skip away", async () => {
    await open("/");
    await page.keyboard.press("Tab");
    expect(await page.locator(":focus").innerText()).toBe("Skip to the content");
    await page.keyboard.press("Enter");
    expect(await page.locator(":focus").getAttribute("id")).toBe("main");
    await panel("machines").getByRole("link", { name: "first" }).focus();
    await page.keyboard.press("Enter");
    await heading("Machine first").waitFor();
    // Whoever follows a link is at the begin of where it leads.
    expect(await page.locator(":focus").innerText()).toBe("Machine first");
    await settled(page);
    const sort = panel("processes").getByRole("button", { name: "Process" });
    await sort.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    const head = panel("processes").getByRole("columnheader", { name: "Process" });
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await panel("processes").locator("tbody th").first().innerText()).toBe("worker");
    expect(await page.locator(":focus").innerText()).toBe("Process");
  });

  const views = [
    ["fleet", "/?from=15m&to=now"],
    ["processes", "/?view=processes&from=15m&to=now"],
    ["startup", "/?view=startup&from=15m&to=now"],
    ["resources", "/?view=resources&from=15m&to=now"],
    ["delivery", "/?view=delivery&from=15m&to=now"],
    ["machine", "/?machine=first&from=15m&to=now"],
    ["process", "/?process=worker&from=15m&to=now"],
  ] as const;

  it.each(views)("the view %s shuts nobody out, and fits into 360 px", async (name, path) => {
    // A picture takes its time.
    const isShownInEveryWay = name === "fleet" || name === "machine";
    await open(path);
    await page.evaluate(axeSource);
    expect(await violations("{}")).toEqual([]);
    // Nobody scrolls sideways at a desk.
    expect(
      await page.evaluate(
        `[...document.querySelectorAll(".scroll")]
          .filter((box) => box.scrollWidth > box.clientWidth)
          .map((box) => box.closest("section").id)`,
      ),
    ).toEqual([]);
    await keepPicture(page, `${name}-light`);
    await page.emulateMedia({ colorScheme: "dark" });
    // Of what is checked, colours alone depend on the theme.
    expect(await violations("{ runOnly: ['color-contrast'] }")).toEqual([]);
    if (isShownInEveryWay) await keepPicture(page, `${name}-dark`);
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 360, height: 800 });
    const widthPx = await page.evaluate("document.documentElement.scrollWidth");
    if (isShownInEveryWay) await keepPicture(page, `${name}-narrow`);
    await page.setViewportSize({ width: 1280, height: 1000 });
    expect(widthPx).toBeLessThanOrEqual(360);
  });

  it("asks for all its modules at once, not one after the other", () => {
    const html = readFileSync(pageFiles().get("/")!, "utf8");
    const modules = [...pageFiles().keys()].filter((path) => /^\/assets\/.*\.js$/.test(path));
    const inHtml = Array.from(html.matchAll(/"(\/assets\/[\w-]+\.js)"/g), ([, path]) => path);
    expect(new Set(inHtml)).toEqual(new Set(modules));
  });

  it("weighs less than 100 KB", () => {
    const weights = [...pageFiles().values()].map((path) => gzipSync(readFileSync(path)).length);
    expect(weights.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(100 * 1000);
  });

  it("runs nothing but its own files, and nothing in it complained", async () => {
    const response = await fetch(dev.url);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none';/);
    // 429 is what was made to fail; 400 is a process whose name SQL cannot say.
    expect(browser.complaints.filter((text) => !/status of 4(?:00|29)/.test(text))).toEqual([]);
  });
});

describe("a named query", () => {
  it("answers, and refuses what it does not know", async () => {
    const ask = (path: string) => fetch(`${dev.url}/api/queries/${path}`);
    expect(await (await ask("machines?from=1d")).json()).toMatchObject({ rows: 2 });
    for (const [path, status] of [
      ["machines?from=1d&x=1", 400],
      ["processes?from=1d&machine=%27", 400],
      ["processes", 400],
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

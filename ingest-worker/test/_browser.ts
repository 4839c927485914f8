import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";

const screenshots = fileURLToPath(new URL("../test-output/", import.meta.url));

/** A browser with one page in it, and all that anything in it complained of. */
export interface OpenBrowser extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: string[];
}

/** Starts Chromium, and stops it with the test. */
export async function openBrowser(): Promise<OpenBrowser> {
  const paths = [process.env["CHROMIUM_PATH"], "/usr/bin/chromium", "/usr/bin/google-chrome"];
  const browser: Browser = await chromium.launch({
    executablePath: paths.find((path) => path !== undefined && existsSync(path)) ?? "chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, complaints, [Symbol.asyncDispose]: () => browser.close() };
}

/** Waits until every panel of the view has been asked for and shows what it got. */
export async function settled(page: Page): Promise<void> {
  await page.locator(".panel").first().waitFor();
  await page.locator('.panel[aria-busy="true"]').first().waitFor({ state: "detached" });
}

/** Keeps a picture of the whole page among the test's output. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

/** What is used of a canvas; Node's types know none. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: "2d"): {
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
  };
}

/** How many pixels of each canvas are in colour: marks are, axes and grid are grey. */
export async function colouredPixels(page: Page, selector: string): Promise<number[]> {
  return page.locator(selector).evaluateAll((canvases) =>
    canvases.map((element) => {
      const canvas = element as unknown as Canvas;
      const { width, height } = canvas;
      const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
      let coloured = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        const [r = 0, g = 0, b = 0, a = 0] = pixels.slice(at, at + 4);
        if (a > 128 && Math.max(r, g, b) - Math.min(r, g, b) > 60) coloured += 1;
      }
      return coloured;
    }),
  );
}

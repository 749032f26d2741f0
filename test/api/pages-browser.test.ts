import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { openBrowser, openPage, violations } from "./browser.ts";
import { type ServedFolder, type ServeOptions, serveFolder } from "./serve-folder.ts";

const FRESH = () => Date.parse("2017-06-01T12:00:00Z");
const LATE = () => Date.parse("2017-06-09T12:00:00Z");
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

let browser: Browser;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  browser = await openBrowser();
});

afterAll(async () => {
  for (const end of ends.reverse()) await end();
  await browser?.close();
});

async function serve(options: ServeOptions): Promise<ServedFolder> {
  const folder = temporaryFolder();
  const served = await serveFolder(folder.path, options);
  ends.push(folder.remove, () => served.close());
  return served;
}

const STATES: [string, ServeOptions, readonly string[]][] = [
  ["an empty store", { coins: null, now: FRESH }, ["/", "/runs", "/coin/HET"]],
  ["the simulated coin only", { now: FRESH }, ["/", "/runs", "/coin/HET", "/symbol/HET/report"]],
  ["20 coins", { coins: 19, now: FRESH }, ["/", "/runs", "/coin/COIN3"]],
  ["100 coins", { coins: 99, now: FRESH }, ["/"]],
  ["all withheld", { coins: 2, now: LATE }, ["/", "/coin/HET"]],
];

describe.each(STATES)("with %s", (_, options, paths) => {
  let served: ServedFolder;
  beforeAll(async () => {
    served = await serve(options);
  });

  test.each(["light", "dark"] as const)(
    "every page is accessible (WCAG AA) in %s, wide and narrow, and the browser complains of nothing",
    {
      timeout: 120_000,
    },
    async (colorScheme) => {
      for (const viewport of [WIDE, NARROW]) {
        const { page, complaints, close } = await openPage(browser, { colorScheme, viewport });
        for (const path of paths) {
          const response = await page.goto(`${served.url}${path}`);
          await page.waitForLoadState("load");
          if (path.startsWith("/coin") && response?.status() === 200) await page.waitForSelector("#chart canvas, #chart:has-text('can')");
          expect(await violations(page), `${path} at ${viewport.width}`).toEqual([]);
          const width = await page.evaluate<number>("document.documentElement.scrollWidth");
          expect(width, `${path} scrolls sideways`).toBeLessThanOrEqual(viewport.width);
        }
        // What is not there is told by the status, too, which the browser repeats.
        expect(complaints.filter((line) => !/status of (404|503)/.test(line))).toEqual([]);
        await close();
      }
    },
  );
});

describe("the overview", () => {
  test("shows the first coin's prediction at 390 px without scrolling sideways", async () => {
    const { url } = await serve({ coins: 3, now: FRESH });
    const { page, close } = await openPage(browser, { viewport: NARROW });
    await page.goto(url);
    const box = await page.locator("tr[data-symbol] .main strong").first().boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(NARROW.width);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(NARROW.height);
    await close();
  });

  test("finds and sorts coins, by keyboard too", async () => {
    const { url } = await serve({ coins: 12, now: FRESH });
    const { page, close } = await openPage(browser);
    await page.goto(url);
    await page.getByLabel("Find").fill("coin1");
    const shown = () =>
      page
        .locator("tr[data-symbol]:visible")
        .evaluateAll((rows) => rows.map((row) => (row as unknown as { dataset: Record<string, string> }).dataset.symbol));
    expect(await shown()).toEqual(["COIN1", "COIN10", "COIN11"]);
    expect(await page.locator("#count").textContent()).toBe("3 of 13 coins");
    await page.getByLabel("Find").fill("");
    await page.getByLabel("Sort by").selectOption("symbol");
    expect((await shown()).slice(0, 3)).toEqual(["COIN0", "COIN1", "COIN10"]);
    await close();
  });

  test("explains a term when it is pressed by keyboard", async () => {
    const { url } = await serve({ now: FRESH });
    const { page, close } = await openPage(browser);
    await page.goto(url);
    await page.getByRole("button", { name: "volatility" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("#term-volatility").isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("#term-volatility").isVisible()).toBe(false);
    await close();
  });

  test("takes in a new manifest by itself, and keeps what was searched for", async () => {
    const served = await serve({ coins: 3, now: FRESH });
    const { page, complaints, close } = await openPage(browser);
    await page.goto(served.url);
    await page.getByLabel("Find").fill("HET");
    await expect.poll(() => page.locator("footer code").textContent()).toBe(served.version);
    const { version } = await served.publish("2017-06-01T00:20:00.000Z");
    await expect.poll(() => page.locator("footer code").textContent(), { timeout: 10_000 }).toBe(version);
    expect(await page.getByLabel("Find").inputValue()).toBe("HET");
    expect(complaints).toEqual([]);
    await close();
  });

  test("stays readable while the API is gone, and takes in what is new when it is back", { timeout: 60_000 }, async () => {
    const folder = temporaryFolder();
    ends.push(folder.remove);
    const first = await serveFolder(folder.path, { coins: 1, now: FRESH });
    const { page, complaints, close } = await openPage(browser);
    await page.goto(first.url);
    const { port } = new URL(first.url);
    await first.close();
    await page.waitForTimeout(500);
    expect(await page.locator("tr[data-symbol]").count()).toBe(2);
    const second = await serveFolder(folder.path, { coins: 1, now: FRESH, env: { PORT: port } });
    ends.push(() => second.close());
    const { version } = await second.publish("2017-06-01T00:30:00.000Z");
    await expect.poll(() => page.locator("footer code").textContent(), { timeout: 30_000 }).toBe(version);
    // The browser itself reports each connection that it could not make; nothing else may be wrong.
    expect(complaints.filter((line) => !/net::ERR_|\/events/.test(line))).toEqual([]);
    await close();
  });
});

describe("a coin's page", () => {
  test("draws candles and predictions, and reads them out by the arrow keys", async () => {
    const { url } = await serve({ now: FRESH });
    const { page, complaints, close } = await openPage(browser);
    await page.goto(`${url}/coin/HET`);
    await page.waitForSelector("#chart canvas");
    await page.locator("#chart").focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => page.locator("#chart-at").textContent()).toMatch(/^2017-05-31 00:00: close [\d.,]+, predicted [\d.,]+/);
    expect(complaints).toEqual([]);
    await close();
  });

  test("has the values of the chart in a table", async () => {
    const { url } = await serve({ now: FRESH });
    const { page, close } = await openPage(browser);
    await page.goto(`${url}/coin/HET`);
    await page.getByText("The newest as a table").click();
    expect(await page.getByRole("region", { name: "Candles and predictions" }).locator("tbody tr").count()).toBeGreaterThan(20);
    await close();
  });
});

test("letters in charts are at least 11 px high at 390 px", async () => {
  const { url } = await serve({ now: FRESH });
  const { page, close } = await openPage(browser, { viewport: NARROW });
  await page.goto(`${url}/symbol/HET/report`);
  const measure = `[...document.querySelectorAll("svg text")].filter((text) => text.checkVisibility()).map((text) => ({
    text: text.textContent, px: Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b) * Number.parseFloat(getComputedStyle(text).fontSize) }))`;
  const heights = (await page.evaluate(measure)) as { text: string; px: number }[];
  expect(heights.length).toBeGreaterThan(30);
  for (const { text, px } of heights) expect(px, text).toBeGreaterThanOrEqual(10.99);
  await close();
});

test("each page weighs at most 300 kB as it comes by br, and asks no other host", async () => {
  const { url } = await serve({ coins: 99, now: FRESH });
  for (const path of ["/", "/coin/HET", "/runs", "/symbol/HET/report"]) {
    const { page, close } = await openPage(browser);
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    let bytes = 0;
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    const hosts = new Set<string>();
    page.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await page.goto(`${url}${path}`);
    if (path.startsWith("/coin")) await page.waitForSelector("#chart canvas");
    process.stdout.write(`${path}: ${(bytes / 1000).toFixed(0)} kB\n`);
    expect(bytes, path).toBeGreaterThan(1_000);
    expect(bytes, path).toBeLessThanOrEqual(300_000);
    expect([...hosts].filter((origin) => origin !== url && origin !== "null")).toEqual([]);
    await close();
  }
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry, type LiveRegistry } from "../../api/served/live-registry.ts";
import { openBrowser, openPage, violations } from "./browser.ts";
import { FakeDesk } from "./fake-desk.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

const TOKEN = "a-token-of-tests";
const NARROW = { width: 390, height: 844 };

let browser: Browser;
let published: PublishedStore;
let registry: LiveRegistry;
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  published = await createPublishedStore();
  await published.publish("2017-06-01T00:00:00.000Z");
  registry = createLiveRegistry(published.store, { pollMs: 0 });
  await registry.reload();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => browser?.close());

async function open(desk: FakeDesk | null, options: Parameters<typeof openPage>[1] = {}) {
  const paths: string[] = [];
  const app = createApp({ registry, now: () => Date.parse("2017-06-01T01:00:00Z"), codeVersion: "0.0.0", token: TOKEN, runs: desk });
  const answer = getRequestListener(app.fetch);
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    return answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const opened = await openPage(browser, options);
  ends.push(
    () => {
      server.closeAllConnections();
      server.close();
    },
    () => opened.close(),
  );
  await opened.page.goto(`${url}/runs`);
  return { ...opened, url, paths };
}

async function enterToken(page: Page, token = TOKEN): Promise<void> {
  await page.getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
}

const rows = (page: Page) => page.getByRole("region", { name: "Runs", exact: true }).locator("tbody tr");

test("without the feature the page says which two settings switch it on", async () => {
  const { page, complaints } = await open(null);
  const text = await page.locator("#desk").textContent();
  expect(text).toContain("API_TOKEN");
  expect(text).toContain("TEMPORAL_ADDRESS");
  expect(await page.getByLabel("Token").count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each(["light", "dark"] as const)(
  "with runs, forms and messages the page is accessible (WCAG AA) in %s, wide and narrow",
  {
    timeout: 90_000,
  },
  async (colorScheme) => {
    for (const viewport of [{ width: 1280, height: 900 }, NARROW]) {
      const { page, complaints } = await open(new FakeDesk(), { colorScheme, viewport });
      expect(await violations(page)).toEqual([]);
      await enterToken(page);
      await expect.poll(() => rows(page).count()).toBe(3);
      await page.locator("#pipeline-asOf").fill("yesterday");
      await page.getByRole("button", { name: "Start a pipeline run" }).click();
      await expect.poll(() => page.locator("#pipeline-asOf-wrong").textContent()).toContain("yesterday should be an ISO 8601 date");
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(viewport.width);
      expect(complaints).toEqual([]);
    }
  },
);

test("lists status, reason, link and progress; the token goes into no address and is kept for the tab only", async () => {
  const { page, paths, complaints } = await open(new FakeDesk());
  await enterToken(page);
  await expect.poll(() => rows(page).count()).toBe(3);
  const [running, failed, scored] = await rows(page).allTextContents();
  expect(running).toMatch(/31 Dec 2020, 12:00 UTC.*pipeline.*running.*fetching candles, computing features: 3 of 11 coins/);
  expect(failed).toMatch(/failed.*binance answers HTTP 500/);
  expect(scored).toMatch(/score.*completed.*12 forecasts scored/);
  expect(await page.getByRole("link", { name: "pipeline-failed" }).getAttribute("href")).toBe("http://temporal.test/pipeline-failed");
  expect(await page.locator("progress").getAttribute("value")).toBe("3");
  expect(await page.evaluate("[sessionStorage.length, localStorage.length, document.cookie]")).toEqual([1, 0, ""]);
  await page.reload();
  await expect.poll(() => rows(page).count()).toBe(3);
  expect(paths.filter((path) => path.includes(TOKEN))).toEqual([]);
  await page.getByRole("button", { name: "Forget the token" }).click();
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
  expect(await rows(page).first().isVisible()).toBe(false);
  expect(complaints).toEqual([]);
});

test("a wrong token gives a message and is not kept", async () => {
  const { page } = await open(new FakeDesk());
  await enterToken(page, "wrong");
  await expect.poll(() => page.locator("#desk-state").textContent()).toBe("This is not the service’s token.");
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
  expect(await page.getByRole("button", { name: "Start a backfill" }).isVisible()).toBe(false);
});

test("progress is drawn again while a run is under way, and the focus stays where it is", async () => {
  const desk = new FakeDesk();
  const { page } = await open(desk);
  await enterToken(page);
  await expect.poll(() => rows(page).count()).toBe(3);
  await page.getByRole("link", { name: "pipeline-failed" }).focus();
  const [first, ...others] = desk.runs;
  desk.runs = [{ ...first, status: "completed", progress: null, summary: "Published manifest X." }, ...others];
  await expect.poll(() => rows(page).first().textContent(), { timeout: 15_000 }).toContain("Published manifest X.");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("pipeline-failed");
});

test("a run is started by keyboard, with the values as their types", async () => {
  const desk = new FakeDesk();
  const { page, complaints } = await open(desk);
  await enterToken(page);
  await page.locator("#pipeline-symbols").focus();
  await page.keyboard.type("BTC, eth");
  await page.keyboard.press("Tab");
  await page.keyboard.type("1h");
  await page.keyboard.press("Tab");
  await page.keyboard.type("2020-12-31T12:00:00Z");
  await page.keyboard.press("Tab");
  await page.keyboard.type("3");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("form[data-kind=pipeline] [data-outcome]").textContent()).toBe("Started pipeline-fake.");
  const input = { symbols: ["BTC", "eth"], interval: "1h", asOf: "2020-12-31T12:00:00Z", horizon: 3 };
  expect(desk.asked).toEqual([{ kind: "pipeline", input }]);
  await expect.poll(() => rows(page).count()).toBe(4);
  expect(complaints).toEqual([]);
});

test("what the page itself can't refuse, the service does, beside the field", async () => {
  const desk = new FakeDesk();
  const { page } = await open(desk);
  await enterToken(page);
  await page.locator("#pipeline-horizon").fill("0");
  await page.keyboard.press("Enter");
  expect(await page.locator("#pipeline-horizon-wrong").textContent()).toBe("0 should be a whole number from 1 to 365.");
  expect(await page.evaluate("document.activeElement.id")).toBe("pipeline-horizon");
  await page.locator("#pipeline-horizon").fill("");
  await page.locator("#pipeline-symbols").fill("B-C");
  await page.keyboard.press("Enter");
  await expect
    .poll(() => page.locator("#pipeline-symbols-wrong").textContent())
    .toBe('symbols is "B-C", but should be 1 to 15 letters or digits.');
  expect(await page.locator("#pipeline-symbols").getAttribute("aria-invalid")).toBe("true");
  expect(await page.locator("#pipeline-horizon-wrong").textContent()).toBe("");
  expect(await page.evaluate("document.activeElement.id")).toBe("pipeline-symbols");
  expect(desk.asked).toEqual([]);
});

test("the page says in a sentence that Temporal can't be reached", async () => {
  const desk = new FakeDesk();
  desk.unavailable = true;
  const { page } = await open(desk);
  await enterToken(page);
  await expect
    .poll(() => page.locator("#desk-state").textContent())
    .toBe("Temporal can't be reached, so runs can't be shown or started now. Predictions are served all the same.");
});

test("a new manifest takes nothing from who is filling in a form", async () => {
  const { page } = await open(new FakeDesk());
  await enterToken(page);
  await page.locator("#backfill-from").fill("2018-01-01");
  // The page follows events since it was loaded, so when another follower has had its first one, the page has had it, too.
  await page.evaluate("new Promise((done) => new EventSource('./events').addEventListener('manifest', done, { once: true }))");
  const { version } = await published.publish("2017-06-01T00:20:00.000Z");
  await registry.reload();
  await expect.poll(() => page.getByRole("region", { name: "Published manifests" }).textContent(), { timeout: 15_000 }).toContain(version);
  expect(await page.locator("#backfill-from").inputValue()).toBe("2018-01-01");
  expect(await page.evaluate("document.activeElement.id")).toBe("backfill-from");
});

// First, because it teaches zod what schemas say of themselves in the OpenAPI document.
import "../../api/app.ts";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { arithmeticDigests } from "../../api/browser/arithmetic.ts";
import { forecastRows } from "../../api/browser/forecast-rows.ts";
import { sha256Hex } from "../../api/browser/sha256.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type CheckableFolder, serveCheckable } from "./checkable-folder.ts";

const folder = temporaryFolder();
const complaints: string[] = [];
let served: CheckableFolder;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const { getChromium } = (await import(new URL("../../scripts/get-chromium.mjs", import.meta.url).href)) as {
    getChromium(): Promise<string>;
  };
  served = await serveCheckable(folder.path);
  browser = await chromium.launch({ executablePath: await getChromium(), args: ["--no-sandbox"] });
  page = await browser.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await served?.close();
  folder.remove();
});

/** Presses the button by the keyboard, and waits for the conclusion. */
async function pressAndRead(root: string): Promise<string> {
  await page.goto(`${root}/coin/HET`);
  await page.locator("#check-button").focus();
  await page.keyboard.press("Enter");
  const said = page.getByRole("status").and(page.locator("#check-said"));
  await said.filter({ hasText: /^(Equal|Differs|What|It could)/ }).waitFor();
  return (await said.textContent()) ?? "";
}

/** A server in front of the API that flips one bit of what one path answers. */
async function tamper(path: string): Promise<{ readonly url: string; close(): void }> {
  const forward = async ({ url = "/", method }: IncomingMessage, answer: ServerResponse) => {
    const response = await fetch(`${served.url}${url}`, { method });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (url === path) bytes[bytes.byteLength >> 1] ^= 1;
    const kept = [...response.headers].filter(([name]) => !["content-encoding", "content-length", "transfer-encoding"].includes(name));
    answer.writeHead(response.status, Object.fromEntries(kept)).end(bytes);
  };
  // The stream of events ends with the server.
  const server = createServer((request, answer) => void forward(request, answer).catch(() => answer.destroy()));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const rowsOf = (name: string) => page.locator("#check-steps tbody tr", { has: page.getByRole("rowheader", { name, exact: true }) });
const modelFiles = () => served.manifest.symbols.HET.models.flatMap(({ name, file }) => (file ? [{ name, file }] : []));

describe("the coin page in Chromium", () => {
  test("says `Equal to the last bit` after a press of its button, with every step", async () => {
    expect(await pressAndRead(served.url)).toBe("Equal to the last bit.");
    const outcomes = await page.locator("#check-steps tbody tr").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-outcome")));
    expect(outcomes).toEqual(new Array(11).fill("equal"));
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
    expect(await page.evaluate('axe.run("#check").then(({ violations }) => violations.map(({ id }) => id))')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("shows a model file that was changed in the store under an API that goes on", async () => {
    const { key, sha256 } = modelFiles()[0].file;
    const stored = await served.store.get(key);
    const flipped = new Uint8Array(stored?.bytes ?? []);
    flipped[flipped.byteLength >> 1] ^= 1;
    const { etag } = await served.store.put(key, flipped, { ifMatch: stored?.etag ?? "" });
    expect(await pressAndRead(served.url)).toBe(`Differs: model files (${key}).`);
    const both = await rowsOf("model files").locator("code").allTextContents();
    expect(both).toEqual([sha256, sha256Hex(flipped)]);
    await served.store.put(key, stored?.bytes ?? flipped, { ifMatch: etag });
    expect(await pressAndRead(served.url)).toBe("Equal to the last bit.");
    expect(complaints).toEqual([]);
  });

  test("shows what a server in between changes", async () => {
    const { features, candles } = served.manifest.symbols.HET;
    for (const { sha256, key } of [features, candles.objects[1]]) {
      const proxy = await tamper(`/objects/${sha256}`);
      try {
        expect(await pressAndRead(proxy.url)).toContain(key);
        expect(await page.locator("#check-said").textContent()).toMatch(/^Differs: /);
        await page.goto("about:blank");
      } finally {
        proxy.close();
      }
    }
    expect(complaints).toEqual([]);
  });
});

describe("Chromium and Node", () => {
  test("forecast the same bits, 1,000 times of 1,000", async () => {
    await page.goto(`${served.url}/coin/HET`);
    const { features } = served.manifest.symbols.HET;
    const models = modelFiles();
    const rows = 1_000 / models.length;
    const bytesOf = async ({ sha256 }: { readonly sha256: string }) =>
      new Uint8Array(await (await fetch(`${served.url}/objects/${sha256}`)).arrayBuffer());
    const featureFile = await bytesOf(features);
    let equal = 0;
    for (const { file } of models) {
      const inNode = forecastRows(await bytesOf(file), featureFile, rows);
      const inBrowser = (await page.evaluate(`(async () => {
        const { forecastRows } = await import(new URL("../assets/checker.mjs", location.href).href);
        const bytesOf = async (sha256) => new Uint8Array(await (await fetch("../objects/" + sha256)).arrayBuffer());
        const forecasts = forecastRows(await bytesOf("${file.sha256}"), await bytesOf("${features.sha256}"), ${rows});
        return [...new Uint32Array(forecasts.buffer)];
      })()`)) as number[];
      const bits = new Uint32Array(inNode.buffer);
      for (let i = 0; i < rows; i++) {
        expect(inNode[i]).toBeGreaterThan(0);
        if (bits[2 * i] === inBrowser[2 * i] && bits[2 * i + 1] === inBrowser[2 * i + 1]) equal++;
      }
    }
    expect(rows * models.length).toBe(1_000);
    expect(equal).toBe(1_000);
  });

  test("compute the same bits of every function that forecasts are made with", async () => {
    const load = 'import(new URL("../assets/checker.mjs", location.href).href)';
    expect(await page.evaluate(`${load}.then(({ arithmeticDigests }) => arithmeticDigests())`)).toEqual(arithmeticDigests());
  });
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { surveyStore } from "../../cli/runs/survey-store.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
let asked: number;
/** Coins of a page of the ranking, largest first. */
let pageOf: (page: number) => string[];
const server = createServer((request, response) => {
  asked++;
  const page = Number(new URL(request.url ?? "/", "http://localhost").searchParams.get("page"));
  const price = { MKTCAP: 1e9 - page, PRICE: 50, HIGHDAY: 60, LOWDAY: 40 };
  const coins = pageOf(page).map((Name, i) => ({ CoinInfo: { Name }, RAW: { USD: { ...price, MKTCAP: price.MKTCAP - i } } }));
  response.end(JSON.stringify({ Data: coins }));
});

beforeEach(async () => {
  folder = temporaryFolder();
  asked = 0;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await folder.remove();
});

async function symbolsOf(selector: string): Promise<string[]> {
  const settings = parseSettings({
    STORE_URL: `file:${folder.path}`,
    CRYPTOCOMPARE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    CRYPTOCOMPARE_API_KEY: "any",
  });
  const input = { symbols: [selector, "HET"], from: "2020-01-01", to: "2020-01-03" };
  return (await surveyStore(settings, input, new AbortController().signal)).symbols.map(({ symbol }) => symbol);
}

test("a coin that moved from one page of the ranking to the next while they were read counts once", async () => {
  pageOf = (page) => Array.from({ length: 100 }, (_, i) => `C${99 * page + i}`);
  const symbols = await symbolsOf("top:150");
  expect(symbols).toEqual([...Array.from({ length: 150 }, (_, i) => `C${i}`), "HET"]);
});

test("a ranking that repeats itself ends", async () => {
  pageOf = () => Array.from({ length: 100 }, (_, i) => `C${i}`);
  expect(await symbolsOf("top:150")).toHaveLength(101);
  expect(asked).toBeLessThanOrEqual(10);
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { copiedNames, makeCandleFolder, shapeCandles } from "../../bench/candle-folder.ts";

const DAILY = "time,open,high,low,close,volume\n2023-12-27,1,2,1,2,5\n2023-12-28,2,3,2,3,6\n2023-12-29,3,4,3,4,7\n";
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

test("candles that open after a day are left out, and only the newest of the others stay", () => {
  expect(shapeCandles(DAILY, { until: "2023-12-28", rows: 1 })).toBe("time,open,high,low,close,volume\n2023-12-28,2,3,2,3,6\n");
});

test("candles move in time as their file writes it: days stay days, hours keep their Z", () => {
  const day = 86_400_000;
  expect(shapeCandles(DAILY, { rows: 1, shiftMs: 3 * day })).toContain("\n2024-01-01,3,4,3,4,7\n");
  const hourly = "time,open,high,low,close,volume\n2023-12-31T23:00Z,1,2,1,2,5\n";
  expect(shapeCandles(hourly, { shiftMs: 3_600_000 })).toContain("\n2024-01-01T00:00Z,1,2,1,2,5\n");
});

test("coins stand under several names, each name once", () => {
  const names = copiedNames(["BTC", "ETH"], 3);
  expect(names.map(({ name }) => name)).toEqual(["BTC", "ETH", "BTC2", "ETH2", "BTC3", "ETH3"]);
  expect(names.filter(({ of }) => of === "ETH").map(({ name }) => name)).toEqual(["ETH", "ETH2", "ETH3"]);
});

test("a folder for the market server has a file for each name", () => {
  const folder = mkdtempSync(join(tmpdir(), "candlecast-"));
  folders.push(folder);
  const path = join(folder, "BTC.csv");
  writeFileSync(path, DAILY);
  makeCandleFolder(
    join(folder, "made"),
    "1d",
    new Map([
      ["BTC", path],
      ["BTC2", path],
    ]),
    { rows: 2 },
  );
  const made = join(folder, "made", "daily-spot");
  expect(readdirSync(made).sort()).toEqual(["BTC.csv", "BTC2.csv"]);
  expect(readFileSync(join(made, "BTC2.csv"), "utf8").trim().split("\n")).toHaveLength(3);
});

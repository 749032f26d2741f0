// Prints a coin's prediction and how earlier forecasts came out: node main.ts http://127.0.0.1:8000 HET
import createClient from "openapi-fetch";
import type { components, paths } from "./candlecast.d.ts";

type Row = components["schemas"]["History"]["rows"][number];

const [address = "http://127.0.0.1:8000", symbol = "HET"] = process.argv.slice(2);
// Of the forms in which the API answers, those that are asked for here.
const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: address,
  headers: { Accept: "application/json" },
});

/** Every row of the coin's history, newest page first: `next` of one page is `before` of the following one. */
async function* walkHistory(): AsyncGenerator<Row[]> {
  let before: string | undefined;
  do {
    const { data, error } = await client.GET("/symbol/{symbol}/history", {
      params: { path: { symbol }, query: { limit: 500, before } },
    });
    if (error) throw new Error(error.detail);
    yield data.rows;
    before = data.next ?? undefined;
  } while (before !== undefined);
}

async function printPrediction(): Promise<void> {
  const { data, error } = await client.GET("/symbol/{symbol}", { params: { path: { symbol } } });
  // A problem's type tells programs what is wrong; its detail tells people.
  if (error) throw new Error(error.detail);
  const { prediction, as_of_candle, target_candle } = data;
  console.log(`${data.symbol} closed at ${as_of_candle.close.toFixed(2)} on ${minute(as_of_candle.close_time)}.`);
  const { price, interval, served_by, label, reasons } = prediction;
  if (price === null) return console.log(`No forecast: ${reasons.join(", ")}.`);
  console.log(`Forecast for ${minute(target_candle.close_time)}: ${price.toFixed(2)} by ${served_by} (${label}).`);
  if (interval === null) return;
  const { coverage, lower, upper } = interval;
  console.log(`With ${(100 * coverage).toFixed(0)} % probability between ${lower.toFixed(2)} and ${upper.toFixed(2)}.`);
}

async function printHistory(): Promise<void> {
  const rows: Row[] = [];
  for await (const page of walkHistory()) rows.unshift(...page);
  const candles = new Set(rows.map(({ open_time }) => open_time));
  console.log(`${candles.size} candles since ${minute(rows[0].open_time)}.`);
  const scored = rows.filter(({ task, error }) => task === "regression" && error !== null);
  if (scored.length === 0) return console.log("No forecast was scored yet.");
  const missed = mean(scored.map(({ error }) => Math.abs(error as number)));
  const baseline = mean(scored.map((row) => Math.abs((row.actual_log_return as number) - (row.baseline_log_return as number))));
  console.log(`${scored.length} forecasts: mean absolute error ${missed.toFixed(4)}, of the baseline ${baseline.toFixed(4)}.`);
  const intervals = scored.filter(({ within_interval }) => within_interval !== null);
  if (intervals.length === 0) return;
  const within = mean(intervals.map(({ within_interval }) => (within_interval ? 100 : 0)));
  console.log(`${within.toFixed(1)} % of ${intervals.length} closes lay within the interval.`);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")} UTC`;
}

await printPrediction();
await printHistory();

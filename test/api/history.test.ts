import { RecordBatchReader, tableFromIPC } from "apache-arrow";
import { beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { historyAnswer } from "../../api/answers/history-answer.ts";
import { createApp } from "../../api/app.ts";
import { problemSchema } from "../../api/http/problem.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createPublishedStore } from "./published-store.ts";

const NOW = Date.parse("2017-06-01T01:00:00Z");
const DAY = 86_400_000;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  const { store, publish } = await createPublishedStore();
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: NOW } });
  const options = { symbol: "HET", interval: "1d", asOf: NOW, source: "simulated", fetchedAt: NOW } as const;
  await upsertCandles(store, cleanCandles(rows, options).series);
  await publish("2017-06-01T00:10:00.000Z");
  const registry = createLiveRegistry(store, { pollMs: 0 });
  await registry.reload();
  app = createApp({ registry, now: () => NOW, codeVersion: "0.0.0" });
});

const ask = (query: string, accept?: string) =>
  app.request(`/symbol/het/history${query}`, accept === undefined ? {} : { headers: { Accept: accept } });
const read = async (query: string): Promise<z.infer<typeof historyAnswer>> => historyAnswer.parse(await (await ask(query)).json());

describe("the history of a coin", () => {
  test("has each candle with the walk-forward forecast of it, and what came true", async () => {
    const { rows } = await read("?limit=50");
    const prices = rows.filter(({ task }) => task === "regression");
    expect(prices.length).toBeGreaterThan(40);
    for (const row of prices) {
      expect(row).toMatchObject({ origin: "walk_forward", served: null, manifest: null });
      if (row.close === null) continue;
      const before = rows.find(({ open_time }) => Date.parse(open_time) === Date.parse(row.open_time) - DAY);
      if (!before?.close) continue;
      expect(row.actual_log_return).toBeCloseTo(Math.log(row.close / before.close), 10);
      expect(row.price).toBeCloseTo(before.close * Math.exp(row.log_return ?? Number.NaN), 8);
      expect(row.error).toBeCloseTo((row.actual_log_return ?? Number.NaN) - (row.log_return ?? Number.NaN), 12);
      if (row.lower !== null && row.upper !== null) expect(row.within_interval).toBe(row.close >= row.lower && row.close <= row.upper);
    }
  });

  test("is paged back to the first candle, each candle once", async () => {
    const times: string[] = [];
    let before: string | null = null;
    do {
      const page: z.infer<typeof historyAnswer> = await read(`?limit=300${before ? `&before=${before}` : ""}`);
      times.unshift(...new Set(page.rows.map(({ open_time }) => open_time)));
      before = page.next;
    } while (before);
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual([...times].sort());
    expect(times.length).toBeGreaterThan(800);
    const step = new Set(times.slice(1).map((time, i) => Date.parse(time) - Date.parse(times[i])));
    expect([...step]).toEqual([DAY]);
  });

  test("is asked for by any time; one without a zone is UTC", async () => {
    const [utc, bare, day] = [
      await read("?limit=2&before=2017-05-30T00:00:00Z"),
      await read("?limit=2&before=2017-05-30T00:00"),
      await read("?limit=2&before=2017-05-30"),
    ];
    expect(bare).toEqual(utc);
    expect(day).toEqual(utc);
    expect(utc.rows.at(-1)?.open_time).toBe("2017-05-29T00:00:00.000Z");
  });

  test("says the same as CSV and as an Arrow stream", async () => {
    const { rows } = await read("?limit=30&model=all");
    const csv = await ask("?limit=30&model=all", "text/csv");
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const [head, ...lines] = (await csv.text()).trim().split("\r\n");
    expect(head.split(",")).toEqual(Object.keys(rows[0]));
    expect(lines.map((line) => line.split(","))).toEqual(
      rows.map((row) => Object.values(row).map((value) => (value === null ? "" : String(value)))),
    );
    const arrow = await ask("?limit=30&model=all", "application/vnd.apache.arrow.stream");
    const bytes = new Uint8Array(await arrow.arrayBuffer());
    expect(RecordBatchReader.from(bytes).isStream()).toBe(true);
    const table = tableFromIPC(bytes);
    expect(table.schema.fields.map(({ name }) => name)).toEqual(Object.keys(rows[0]));
    expect(table.toArray().map(({ price }) => price)).toEqual(rows.map(({ price }) => price));
    expect(table.toArray().map(({ open_time }) => Number(open_time))).toEqual(rows.map(({ open_time }) => Date.parse(open_time)));
  });

  test("has other answers for other forms, and says which it differs by", async () => {
    expect((await ask("", "application/json")).headers.get("vary")).toBe("Accept-Encoding, Accept");
    const refused = await ask("", "image/png");
    expect(refused.status).toBe(406);
    expect(problemSchema.parse(await refused.json()).detail).toContain("text/csv");
    expect((await ask("", "image/png, */*;q=0.1")).status).toBe(200);
  });

  test.each(["limit=0", "limit=007", "limit=1001", "limit=x", "before=yesterday", "before=2020-13-01", "model=oracle"])(
    "%s is a 422 that names parameter and value",
    async (query) => {
      const response = await ask(`?${query}`);
      expect(response.status).toBe(422);
      const [name, value] = query.split("=");
      expect(problemSchema.parse(await response.json()).detail).toContain(`${name} is "${value}"`);
    },
  );
});

test("the coin's page shows prediction, chart, table and models, and links to its data", async () => {
  const text = await (await app.request("/coin/het")).text();
  for (const part of ["predicted close", 'id="chart"', "What each model says", "gradient boosting", 'href="../symbol/HET"', "walk-forward"])
    expect(text).toContain(part);
  expect(text).toContain("No <button");
  expect(text).not.toMatch(/NaN|undefined|\[object|<script(?! type="module" src=)/);
  expect((await app.request("/coin/FOO")).status).toBe(404);
});

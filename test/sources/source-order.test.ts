import { describe, expect, test } from "vitest";
import { createSources, sourceOrder } from "../../sources/create-sources.ts";

describe("the order of sources", () => {
  test.each([
    [{ source: "auto", symbol: "BTC", hasKey: false }, ["binance", "kraken"]],
    [{ source: "auto", symbol: "BTC", hasKey: true }, ["cryptocompare"]],
    [{ source: "kraken", symbol: "BTC", hasKey: true }, ["kraken"]],
    [{ source: "binance", symbol: "HET", hasKey: true }, ["simulated"]],
  ])("of %j is %j", (asked, order) => {
    expect(sourceOrder(asked)).toEqual(order);
  });

  test("names only sources that exist", () => {
    const sources = createSources({ cryptocompareApiKey: null });
    for (const hasKey of [true, false])
      for (const symbol of ["BTC", "HET"])
        for (const name of sourceOrder({ source: "auto", symbol, hasKey })) expect(sources[name].name).toBe(name);
    expect(
      Object.values(sources)
        .filter(({ simulated }) => simulated)
        .map(({ name }) => name),
    ).toEqual(["simulated"]);
  });
});

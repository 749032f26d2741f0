import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { marketAvailable } from "../market-server.ts";
import { breakS3, canMount, fillDisk } from "./broken-store.ts";
import { scanEvidence } from "./evidence.ts";
import { disturbSource } from "./faulty-source.ts";
import { jumpClock } from "./jump-clock.ts";
import { killServers } from "./kill-servers.ts";
import { killAtBoundaries, killAtRandom } from "./kill-worker.ts";
import { calmPicture } from "./series.ts";
import { startWorld, type World } from "./world.ts";

/** The short form of `npm run chaos`. */
describe.skipIf(!marketAvailable)("faults on this machine", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await Promise.all([calmPicture(world, { days: 1 }), calmPicture(world, { days: 3, symbols: ["HET"] })]);
  }, 120_000);
  afterAll(() => world?.stop());

  describe.concurrent("in universes of their own", () => {
    test("a worker killed at boundaries of its steps loses nothing and does nothing twice", async () => {
      const boundaries = [["fetchBatch:done"], ["trainModel/linear_regression:taken"], ["publishManifest:done"]];
      const { injected, survived, problems } = await killAtBoundaries(world, { boundaries, lanes: 3 });
      expect(problems).toEqual([]);
      expect(injected).toEqual({ "at done": 2, "at taken": 1 });
      expect(survived).toMatchObject({ "runs ended": 3, manifests: 3, "different digests": 0 });
    }, 240_000);

    test("S3 that refuses or cuts is reported by a typed error with advice, and the API serves the manifest from before", async () => {
      const { injected, survived, problems } = await breakS3(world, { faults: ["403", "cut"] });
      expect(problems).toEqual([]);
      expect(Object.keys(injected)).toEqual(["403", "cut"]);
      expect(survived).toMatchObject({ "typed errors with advice": 2, "answers of the API meanwhile": 2, "manifests that stayed": 2 });
    }, 240_000);

    test.skipIf(!canMount)(
      "a full disk is reported by a typed error with advice, and the run goes on once there is space",
      async () => {
        const { survived, problems } = await fillDisk(world);
        expect(problems).toEqual([]);
        expect(survived).toMatchObject({ "typed errors with advice": 1, "manifests that stayed": 1, "different digests": 0 });
      },
      240_000,
    );

    test("a source with faults on a fifth of its requests leaves the candles as they are, and its limit is kept", async () => {
      const backfill = { symbols: ["BTC"], interval: "1h", from: "2020-06-01", to: "2020-12-01", source: "binance" } as const;
      const { injected, problems } = await disturbSource(world, { days: 1, symbols: ["ETH"], backfill, isRestricted: false, seed: 2 });
      expect(problems).toEqual([]);
      expect(Object.keys(injected).length).toBeGreaterThan(1);
    }, 240_000);

    test("clocks that jump by an hour have no candle stored before it closed", async () => {
      const { survived, problems } = await jumpClock(world, { symbols: ["ETH"] });
      expect(problems).toEqual([]);
      expect(survived).toMatchObject({ "runs ended": 5, "stored before they closed": 0 });
    }, 240_000);

    test("a worker killed at random moments loses nothing and does nothing twice", async () => {
      const { injected, problems } = await killAtRandom(world, { kills: 2, lanes: 1, seed: 3 });
      expect(problems).toEqual([]);
      expect(injected).toEqual({ kills: 2 });
    }, 240_000);
  });

  test("servers killed and started again lose nothing", async () => {
    const { injected, problems } = await killServers(world, { rounds: 1, seed: 1 });
    expect(problems).toEqual([]);
    expect(injected).toEqual({ Temporal: 1, S3: 1, both: 1 });
  }, 240_000);

  test("no history of all these runs holds a payload above 64 KB, and no history or log a secret", async () => {
    const { histories, largestPayload, logBytes, problems } = await scanEvidence(world);
    expect(problems).toEqual([]);
    expect(histories).toBeGreaterThan(30);
    expect(largestPayload).toBeLessThan(64 * 1024);
    expect(logBytes).toBeGreaterThan(10_000);
  }, 120_000);
});

import { CancelledFailure } from "@temporalio/common";
import { MockActivityEnvironment } from "@temporalio/testing";
import { afterAll, describe, expect, test } from "vitest";
import { withHeartbeat } from "../../activities/heartbeat.ts";
import { createFitPool } from "../../activities/train/fit-pool.ts";
import { fitFinalModel, runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { encodeModel } from "../../core/models/file/model-file.ts";
import { HYPERPARAMETERS, type HyperparametersOf } from "../../core/models/hyperparameters.ts";
import { CorruptObjectError, NotEnoughDataError } from "../../core/vocabulary/errors.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import { makePool } from "../evaluation/pools.ts";

const pool = makePool({ days: 130, signal: 0.3 });
const folds = planFolds(pool, { folds: 2, embargo: 1 });
const options = { scope: "coin", seed: 7 } as const;
/** Boosting that would take days. */
const ENDLESS = { gradient_boosting: { ...HYPERPARAMETERS.gradient_boosting.coin, trees: 1e9 } } as HyperparametersOf;

describe("bytes and predictions depend on neither the number of threads nor the order of the fits", () => {
  const pools = [createFitPool({ threads: 1 }), createFitPool({ threads: 3 })];
  afterAll(() => Promise.all(pools.map((each) => each.close())));

  test("all algorithms at once, on one thread and on three, give the same results as each alone", async () => {
    const [one, three] = await Promise.all(
      pools.map((fitPool, i) => {
        const order = i === 0 ? ALGORITHMS : ALGORITHMS.toReversed();
        return Promise.all(
          order.map(async (algorithm) => {
            const [parts, model] = await Promise.all([
              fitPool.runFolds(pool, folds, algorithm, options),
              fitPool.fitFinal(pool, algorithm, options),
            ]);
            return [algorithm, { parts, model: Buffer.from(model) }] as const;
          }),
        ).then((all) => new Map(all));
      }),
    );
    for (const algorithm of ALGORITHMS) {
      const parts = folds.map((fold) => runFold(pool, fold, algorithm, options));
      const model = Buffer.from(encodeModel(fitFinalModel(pool, algorithm, options)));
      expect(one.get(algorithm), algorithm).toEqual({ parts, model });
      expect(three.get(algorithm), algorithm).toEqual({ parts, model });
    }
  });
});

describe("the model of the last fold", () => {
  test.each(ALGORITHMS)("%s: is kept by runFolds, and is the same as a fit of its own; other fits are made", async (algorithm) => {
    const fitPool = createFitPool({ threads: 1 });
    try {
      const last = folds[folds.length - 1];
      const fresh = await fitPool.fitFold(pool, last, algorithm, options);
      await fitPool.runFolds(pool, folds, algorithm, options);
      const kept = await fitPool.fitFold(pool, last, algorithm, options);
      expect(kept).toEqual(fresh);
      expect(kept, "the one that runFolds fitted").not.toBe(fresh);
      expect(await fitPool.fitFold(pool, last, algorithm, options)).toBe(kept);
      expect(await fitPool.fitFold(pool, folds[0], algorithm, options)).not.toEqual(kept);
      expect(await fitPool.fitFold({ ...pool }, last, algorithm, options)).not.toBe(kept);
      expect(await fitPool.fitFold(pool, last, algorithm, { ...options, seed: 8 })).not.toBe(kept);
    } finally {
      await fitPool.close();
    }
  });
});

describe("a running fit", () => {
  test("lets heartbeats go on, and ends with its thread when the activity is cancelled", async () => {
    const fitPool = createFitPool({ threads: 1 });
    const environment = new MockActivityEnvironment();
    const beats = new Promise<void>((resolve) => {
      let seen = 0;
      environment.on("heartbeat", () => {
        if (++seen === 2) resolve();
      });
    });
    try {
      const running = environment.run(() =>
        withHeartbeat(({ signal }) => fitPool.fitFinal(pool, "gradient_boosting", { ...options, settings: ENDLESS, signal })),
      );
      running.catch(() => {});
      await beats;
      expect(fitPool.threads()).toBe(1);
      environment.cancel();
      const error = await running.catch((reason: unknown) => reason);
      expect(error instanceof CancelledFailure || (error as Error).name === "AbortError").toBe(true);
      expect(fitPool.threads()).toBe(0);
    } finally {
      await fitPool.close();
    }
  });

  test("gives its place to a waiting fit when it is aborted; a waiting fit can be aborted too", async () => {
    const fitPool = createFitPool({ threads: 1 });
    try {
      const [running, waiting] = [new AbortController(), new AbortController()];
      const endless = fitPool.fitFinal(pool, "gradient_boosting", { ...options, settings: ENDLESS, signal: running.signal });
      const given = fitPool.fitFinal(pool, "gradient_boosting", { ...options, settings: ENDLESS, signal: waiting.signal });
      const short = fitPool.fitFinal(pool, "linear_regression", options);
      for (const promise of [endless, given]) promise.catch(() => {});
      waiting.abort();
      await expect(given).rejects.toMatchObject({ name: "AbortError" });
      running.abort();
      await expect(endless).rejects.toMatchObject({ name: "AbortError" });
      expect((await short).length).toBeGreaterThan(0);
    } finally {
      await fitPool.close();
    }
  });
});

test("an error from a thread keeps its class, and names algorithm and coins", async () => {
  const fitPool = createFitPool({ threads: 1 });
  try {
    const short = makePool({ symbols: ["AAA"], days: 10 });
    const error = await fitPool.fitFinal(short, "linear_regression", options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotEnoughDataError);
    expect((error as Error).message).toMatch(/linear_regression on AAA: .*at least 20 rows, not 10/);
    const many = makePool({ symbols: Array.from({ length: 300 }, (_, i) => `COIN${i}`), days: 0 });
    await expect(fitPool.fitFinal(many, "linear_regression", options)).rejects.toThrow(
      /linear_regression on COIN0, COIN1, COIN2, COIN3, COIN4 and 295 more: .*at least 20 rows, not 0/,
    );
  } finally {
    await fitPool.close();
  }
});

test("a damaged model file is reported as such by the thread that explains it, so it is not retried", async () => {
  const fitPool = createFitPool({ threads: 1 });
  const rows = { names: ["a"], columns: [new Float64Array(1)] };
  const damaged = {
    model: "linear_regression",
    task: "regression",
    members: [new Uint8Array([1, 2, 3])],
    coins: [{ rows, interval: "1d" }],
  } as const;
  const explained = fitPool.explain(damaged);
  await expect(explained).rejects.toThrow(CorruptObjectError);
  await expect(explained).rejects.toThrow(/^the explanation of linear_regression: these bytes are no model file/);
  await fitPool.close();
});

import { z } from "zod";
import { INTERVALS } from "../../core/vocabulary/interval.ts";

/**
 * What is read of an API's answers. Written down once more, rather than taken from the API's own schemas, because the API that is asked
 * may be of another version: more fields and other words in it are no fault.
 */
const time = z.iso.datetime();
const state = z.string();
const nullableNumber = z.number().nullable();
const priceInterval = z.object({ coverage: z.number(), lower: z.number(), upper: z.number() }).nullable();
const answerHead = { served_by: z.string().nullable(), label: z.string(), reasons: z.array(z.string()) };
const role = z.string();
const task = z.string();

export const health = z.object({
  status: state,
  detail: z.string(),
  manifest: z.object({ version: z.string(), created_at: time, age_seconds: z.number().min(0) }).nullable(),
  faults: z.array(z.object({ detail: z.string() })),
});

export const ready = z.object({ status: z.literal("ready"), service: state, manifest: z.string() });

export const alive = z.object({ status: z.literal("alive") });

export const reloaded = z.object({ changed: z.boolean(), version: z.string().nullable() });

export const modelList = z.object({
  manifest: z.string(),
  symbols: z.array(
    z.object({
      symbol: z.string(),
      status: z.string(),
      models: z.array(z.object({ name: z.string(), task, role, n: z.number(), metrics: z.record(z.string(), nullableNumber) })),
    }),
  ),
});

export const symbolList = z.object({ symbols: z.array(z.object({ symbol: z.string() })) });

export const prediction = z.object({
  symbol: z.string(),
  status: z.string(),
  interval: z.enum(INTERVALS),
  horizon: z.int().min(1),
  as_of_candle: z.object({ close_time: time, close: z.number().positive() }),
  target_candle: z.object({ close_time: time }),
  prediction: z.object({ ...answerHead, price: nullableNumber, log_return: nullableNumber, interval: priceInterval }),
  direction: z.object({ ...answerHead, probability_up: z.number().min(0).max(1).nullable() }),
  warnings: z.array(z.object({ code: z.string() })),
  models: z.array(
    z.object({
      name: z.string(),
      scope: z.string(),
      task,
      role,
      price: nullableNumber,
      log_return: nullableNumber,
      interval: priceInterval,
    }),
  ),
});
export type PredictionAnswer = z.infer<typeof prediction>;

export const problem = z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string(), instance: z.string() });

export const reference = z.object({
  openapi: z.string(),
  info: z.object({ title: z.string(), version: z.string() }),
  servers: z.array(z.object({ url: z.string() })).min(1),
  paths: z.record(z.string(), z.unknown()),
});

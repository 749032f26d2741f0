import { z } from "zod";
import { DIGEST_PATTERN } from "./digest.ts";
import { MAX_HORIZON } from "./horizon.ts";
import { INTERVALS } from "./interval.ts";
import { BASELINES, LOSSES, MODELS, ROLES, SCOPES, TASKS } from "./model-names.ts";
import { SYMBOL_PATTERN } from "./symbol.ts";

// The vocabulary as schemas. What is stored, answered or read from outside is put together from these.

export const textSchema = z.string().max(2_000);
export const countSchema = z.int().min(0);
export const nullableNumberSchema = z.number().nullable();
export const timeSchema = z
  .string()
  .refine((value) => !Number.isNaN(Date.parse(value)), "not an ISO 8601 time")
  .meta({ format: "date-time", example: "2020-12-31T00:00:00.000Z" });
export const digestSchema = z.string().regex(DIGEST_PATTERN, "not a SHA-256 digest in hex");
export const symbolSchema = z.string().regex(SYMBOL_PATTERN, "not a symbol of 1 to 15 capital letters and digits");
export const intervalSchema = z.enum(INTERVALS);
export const horizonSchema = z.int().min(1).max(MAX_HORIZON);
export const modelNameSchema = z.enum(MODELS);
export const scopeSchema = z.enum(SCOPES);
export const taskSchema = z.enum(TASKS);
export const roleSchema = z
  .enum(ROLES)
  .describe("champion: served; challenger: has skill, but another model has more; no_skill: does not reliably beat its baseline");
export const baselineSchema = z.enum(BASELINES);
export const lossSchema = z.enum(LOSSES);

import type { BaselineName } from "./model-names.ts";

const BASELINES: Readonly<Record<BaselineName, string>> = { no_change: "no change", drift: "drift", class_prior: "the class prior" };

/** `random_forest`, `no_skill` or `stale_candles` as people write it. */
export function inWords(name: string): string {
  return name.replaceAll("_", " ");
}

/** `no_change` as people write it. */
export function baselineWords(name: BaselineName): string {
  return BASELINES[name];
}

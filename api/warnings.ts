import type { z } from "@hono/zod-openapi";
import { MIN_KNOWN_SHARE } from "../core/evaluation/pool.ts";
import type { Manifest } from "../core/manifests/manifest.ts";
import { versionTime } from "../core/manifests/manifest-version.ts";
import { measureNovelty } from "../core/models/predict-model.ts";
import { intervalMs } from "../core/vocabulary/interval.ts";
import type { warning } from "./schemas.ts";
import type { LoadedSymbol, NewestRow, Served } from "./served.ts";

type Warning = z.infer<typeof warning>;

/** So many candles may be late before no answer is given: a run needs some time after each close. */
const LATE_CANDLES = 1;

/** Everything that a caller should know before relying on a prediction. */
export function findWarnings(served: Served, loaded: LoadedSymbol, { now, targetClose }: { now: number; targetClose: number }): Warning[] {
  const { entry, row } = loaded;
  const warnings: Warning[] = [];
  if (entry.simulated) warnings.push({ code: "simulated", detail: `${entry.symbol} is a simulated coin; its prices are made up.` });
  if (entry.status === "stale")
    warnings.push({ code: "stale_entry", detail: entry.staleReason ?? "The newest run failed for this symbol." });
  if (targetClose <= now) {
    warnings.push({
      code: "target_already_closed",
      detail: `The candle that is predicted closed at ${new Date(targetClose).toISOString()}: newer candles are missing here.`,
    });
  }
  const late = lateCandles(served.manifest, row, now);
  if (late > LATE_CANDLES)
    warnings.push({ code: "stale_candles", detail: `The newest candle known is ${late} candles older than the newest that has closed.` });
  return [...warnings, ...findGapsInKnowledge(served, loaded)];
}

/**
 * How many candles have closed since the newest known one. A run whose clock was set into the past is asked as if its clock
 * had gone on since it was published, which is not when someone went back to it.
 */
function lateCandles({ asOf, createdAt, rollback }: Manifest, { interval, openTime }: NewestRow, now: number): number {
  const step = intervalMs(interval);
  const published = (rollback && versionTime(rollback.to)) ?? Date.parse(createdAt);
  const clock = Date.parse(asOf) + now - published;
  return Math.max(0, Math.floor(clock / step) - Math.round(openTime / step) - 1);
}

function findGapsInKnowledge({ models }: Served, { entry, row }: LoadedSymbol): Warning[] {
  const champion = entry.models.find(({ role, task }) => role === "champion" && task === "regression");
  const interval = champion ? champion.interval : entry.models.find(({ baselineInterval }) => baselineInterval)?.baselineInterval;
  const warnings: Warning[] = [];
  if (interval && interval.q === null) {
    const detail = interval.reason ?? "Too few past errors are known to say how far the prediction may be off.";
    warnings.push({ code: "too_little_history", detail });
  }
  if (!(row.volatility > 0)) {
    return [...warnings, { code: "missing_features", detail: "The recent volatility is unknown, so no prediction can be scaled." }];
  }
  const known = row.columns.filter(([value]) => !Number.isNaN(value)).length;
  if (known < MIN_KNOWN_SHARE * row.columns.length) {
    return [
      ...warnings,
      { code: "missing_features", detail: `Only ${known} of ${row.columns.length} features of the newest candle are known.` },
    ];
  }
  for (const { file, name } of entry.models) {
    const model = file ? models.get(file.key) : undefined;
    if (!model) continue;
    const { distance, threshold } = measureNovelty(model, row, 0);
    if (distance > threshold) {
      const detail = `The newest candle lies outside what ${name} saw in training: distance ${distance.toFixed(2)}, known up to ${threshold.toFixed(2)}.`;
      return [...warnings, { code: "novel_input", detail }];
    }
  }
  return warnings;
}

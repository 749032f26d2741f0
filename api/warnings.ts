import type { z } from "@hono/zod-openapi";
import { measureNovelty } from "../core/models/predict-model.ts";
import type { warning } from "./schemas.ts";
import type { LoadedSymbol, Served } from "./served.ts";

type Warning = z.infer<typeof warning>;

/** Everything that a caller should know before relying on a prediction. */
export function findWarnings(
  { models }: Served,
  { entry, row }: LoadedSymbol,
  { now, targetClose }: { now: number; targetClose: number },
): Warning[] {
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
  if (!(row.volatility > 0)) {
    warnings.push({ code: "missing_features", detail: "The recent volatility is unknown, so no prediction can be scaled." });
    return warnings;
  }
  for (const { file, name } of entry.models) {
    const model = file ? models.get(file.key) : undefined;
    if (!model) continue;
    const { distance, threshold } = measureNovelty(model, row, 0);
    if (Number.isNaN(distance)) {
      warnings.push({ code: "missing_features", detail: "No feature of the newest candle is known." });
      break;
    }
    if (distance > threshold) {
      const detail = `The newest candle lies outside what ${name} saw in training: distance ${distance.toFixed(2)}, known up to ${threshold.toFixed(2)}.`;
      warnings.push({ code: "novel_input", detail });
      break;
    }
  }
  return warnings;
}

import { logChange } from "../indicators/log-ratio.ts";
import { onBalanceVolume } from "../indicators/on-balance-volume.ts";
import { rollingMean } from "../indicators/rolling-mean.ts";
import { rollingRobustZ } from "../indicators/rolling-robust-z.ts";
import { changes, input, logRatioTo, overColumn, rolling } from "./column.ts";
import { defineFeature, type FeatureDefinition } from "./feature.ts";
import { marketCap, volume } from "./shared-columns.ts";
import { showDeviations, showLogChange, showLogRatio } from "./show-values.ts";

const balance = input((series) => onBalanceVolume(series.close, series.volume));

/** Volume against its own past, and the size of the market. Zero volume is real, and its logarithm is undefined. */
export const volumeFeatures: readonly FeatureDefinition[] = [
  defineFeature("obv_robust_z", overColumn(rolling(61), balance, rollingRobustZ), {
    label: (unit, length) => `on-balance volume against its ${length}-${unit} median`,
    show: showDeviations,
  }),
  defineFeature("volume_momentum", overColumn(changes(10), volume, logChange), {
    label: (unit, length) => `change of volume over ${length} ${unit}s`,
    show: showLogChange,
  }),
  defineFeature("volume_ratio", logRatioTo(volume, overColumn(rolling(20), volume, rollingMean)), {
    label: (unit, length) => `volume against its ${length}-${unit} average`,
    show: showLogRatio,
  }),
  ...[1, 7].map((length) =>
    defineFeature("market_cap_change", overColumn(changes(length), marketCap, logChange), {
      label: (unit, candles) => `change of market cap over ${candles} ${unit}${candles > 1 ? "s" : ""}`,
      show: showLogChange,
    }),
  ),
];

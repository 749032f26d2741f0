import { logChange, logRatio } from "../indicators/log-ratio.ts";
import { onBalanceVolume } from "../indicators/on-balance-volume.ts";
import { rollingMean } from "../indicators/rolling-mean.ts";
import { rollingRobustZ } from "../indicators/rolling-robust-z.ts";
import type { FeatureDefinition } from "./feature.ts";

/** Volume against its own past, and the market's size. Zero volume is real, and its logarithm is undefined. */
export const volumeFeatures: readonly FeatureDefinition[] = [
  { name: "obv_robust_z_61", lookback: 60, version: 1, compute: ({ close, volume }) => rollingRobustZ(onBalanceVolume(close, volume), 61) },
  { name: "volume_momentum_10", lookback: 10, version: 1, compute: ({ volume }) => logChange(volume, 10) },
  {
    name: "volume_ratio_20",
    lookback: 19,
    version: 1,
    compute: ({ volume }) => {
      const out = rollingMean(volume, 20);
      for (let i = 0; i < out.length; i++) out[i] = logRatio(volume[i], out[i]);
      return out;
    },
  },
  { name: "market_cap_change_1", lookback: 1, version: 1, compute: ({ marketCap }) => logChange(marketCap, 1) },
  { name: "market_cap_change_7", lookback: 7, version: 1, compute: ({ marketCap }) => logChange(marketCap, 7) },
];

import type { FeatureDefinition } from "./feature.ts";

const DAY_MS = 86_400_000;

/** Day of the week (UTC) of the candle's open time, as a point on a circle that Sunday begins. */
export const calendarFeatures: readonly FeatureDefinition[] = [
  { name: "day_of_week_sin", lookback: 0, version: 1, compute: ({ openTime }) => openTime.map((time) => Math.sin(weekAngle(time))) },
  { name: "day_of_week_cos", lookback: 0, version: 1, compute: ({ openTime }) => openTime.map((time) => Math.cos(weekAngle(time))) },
];

/** The epoch was a Thursday, the fifth day from Sunday. */
function weekAngle(openTime: number): number {
  return (2 * Math.PI * ((Math.floor(openTime / DAY_MS) + 4) % 7)) / 7;
}

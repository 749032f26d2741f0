import { input } from "./column.ts";
import { defineFeature, type FeatureDefinition } from "./feature.ts";
import { showNumber } from "./show-values.ts";

const DAY_MS = 86_400_000;

/** Day of the week (UTC) of the candle's open time, as a point on a circle that starts with Sunday. */
export const calendarFeatures: readonly FeatureDefinition[] = [
  defineFeature(
    "day_of_week_sin",
    input(({ openTime }) => openTime.map((time) => Math.sin(weekAngle(time)))),
    { label: () => "day of the week (sine)", show: showNumber },
  ),
  defineFeature(
    "day_of_week_cos",
    input(({ openTime }) => openTime.map((time) => Math.cos(weekAngle(time)))),
    { label: () => "day of the week (cosine)", show: showNumber },
  ),
];

/** The epoch was a Thursday, the fifth day counted from Sunday. */
function weekAngle(openTime: number): number {
  return (2 * Math.PI * ((Math.floor(openTime / DAY_MS) + 4) % 7)) / 7;
}

import type { SuspectJump } from "../vocabulary/suspect-jump.ts";

/** A jump in words, as `2023-07-22: opens at 0.05966 after 74.5 (÷1249); the history before it is another series`. */
export function jumpText({ openTime, kind, rows, from, to }: SuspectJump): string {
  const time = openTime.slice(0, 16).replace("T00:00", "");
  const factor = to > from ? `×${short(to / from)}` : `÷${short(from / to)}`;
  const effect =
    kind === "level" ? "the history before it is another series" : `${rows === 1 ? "this candle is" : `${rows} candles are`} left out`;
  return `${time}: ${short(to)} after ${short(from)} (${factor}); ${effect}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

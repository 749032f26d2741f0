import type { Axis, Mark } from "vega";

/** Width of the labels of a left axis. */
const LABELS = 44;

/** A picture of half a page's width. */
export const HALF = { width: 420, height: 230, padding: { left: LABELS + 24, right: 14, top: 10, bottom: 40 } };

/** Smallest and largest value, with room around them. */
export function padded(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = high > low ? 0.06 * (high - low) : Math.abs(high) * 0.1 || 0.01;
  return [low - room, high + room];
}

/** A percent axis with as many decimals as its ticks need to differ. */
export function percentAxis(orient: "left" | "bottom", scale: string, title: string, [low, high]: readonly number[]): Axis {
  const digits = Math.max(0, Math.min(3, Math.ceil(-Math.log10((100 * (high - low)) / 5))));
  const label = `replace(format(datum.value * 100, '.${digits}f'), '-', '−') + ' %'`;
  return {
    orient,
    scale,
    title,
    grid: true,
    tickCount: 5,
    // Without a browser the width of labels can only be guessed, so it is fixed.
    ...(orient === "left" ? { minExtent: LABELS, maxExtent: LABELS } : {}),
    titlePadding: 8,
    encode: { labels: { update: { text: { signal: label } } } },
  };
}

export function zeroLine(): Mark {
  return dashed({ x: { value: 0 }, x2: { signal: "width" }, y: { scale: "y", value: 0 } });
}

export function dashed(place: Record<string, { scale?: string; value?: number; signal?: string }>): Mark {
  const style = { stroke: { value: "var(--muted)" }, strokeDash: { value: [4, 4] } };
  return { type: "rule", encode: { enter: { ...place, ...style } } } as Mark;
}

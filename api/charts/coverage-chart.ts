import { coverageShares } from "../../core/reports/coverage-shares.ts";
import type { SymbolReport } from "../../core/reports/report.ts";
import { dashed, HALF, percentAxis } from "./axes.ts";
import type { Chart } from "./render-chart.ts";

/** The share of outcomes within the intervals, by test stretch. */
export function coverageChart({ coverage: { folds, nominal } }: SymbolReport): Chart {
  const rows = coverageShares({ folds, nominal }).map(({ from, share, spread }) => ({ label: from.slice(0, 7), share, spread }));
  const known = rows.flatMap(({ share }) => (share === null ? [] : [share]));
  const domain = [Math.max(0, Math.min(nominal - 0.1, ...known.map((share) => share - 0.03))), 1];
  const band = { scale: "x", field: "label", band: 0.5 };
  return {
    id: "coverage",
    title: "Share of outcomes within the interval, by test stretch",
    description: `For each test stretch, the share of outcomes that lay within the ${Math.round(100 * nominal)} % interval; the dashed line is the nominal share.`,
    spec: {
      ...HALF,
      autosize: "none",
      data: [
        { name: "rows", values: rows },
        { name: "known", source: "rows", transform: [{ type: "filter", expr: "datum.share !== null" }] },
        { name: "unknown", source: "rows", transform: [{ type: "filter", expr: "datum.share === null" }] },
      ],
      scales: [
        { name: "x", type: "band", domain: { data: "rows", field: "label" }, range: "width", padding: 0.45 },
        { name: "y", type: "linear", zero: false, domain, range: "height", clamp: true },
      ],
      axes: [
        { orient: "bottom", scale: "x", ticks: false, labelPadding: 8, title: "test stretch, from", titlePadding: 8 },
        percentAxis("left", "y", "outcomes within the interval", domain),
      ],
      marks: [
        {
          type: "rule",
          from: { data: "known" },
          encode: {
            enter: {
              x: band,
              y: { scale: "y", value: nominal },
              y2: { scale: "y", field: "share" },
              stroke: { value: "var(--accent)" },
              strokeWidth: { value: 2 },
            },
          },
        },
        dashed({ x: { value: 0 }, x2: { signal: "width" }, y: { scale: "y", value: nominal } }),
        {
          type: "symbol",
          from: { data: "known" },
          encode: { enter: { x: band, y: { scale: "y", field: "share" }, size: { value: 90 }, fill: { value: "var(--accent)" } } },
        },
        {
          type: "text",
          from: { data: "known" },
          encode: {
            enter: {
              x: band,
              dx: { value: 9 },
              // Away from the dashed line, which would strike it through.
              dy: { signal: `datum.share >= ${nominal} ? -8 : 8` },
              y: { scale: "y", field: "share" },
              baseline: { value: "middle" },
              text: { signal: "format(datum.share * 100, '.0f') + ' %'" },
            },
          },
        },
        {
          type: "text",
          from: { data: "unknown" },
          encode: {
            enter: {
              x: band,
              y: { scale: "y", value: nominal },
              dy: { value: -8 },
              align: { value: "center" },
              text: { value: "unknown" },
            },
          },
        },
      ],
    },
  };
}

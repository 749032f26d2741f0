import { wordsFor } from "../../core/reports/feature-words.ts";
import type { SymbolReport } from "../../core/reports/report.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import { padded, percentAxis } from "./axes.ts";
import type { Chart } from "./render-chart.ts";

/** How many features are shown; the others hardly matter. */
const TOP_FEATURES = 10;
/** Width of the features' words, the longest of which have 64 characters. */
const LABEL_ROOM = 390;
const WIDTH = 920;

/** The features that matter most; null if the importance is unknown. */
export function importanceChart({ importance, interval }: SymbolReport): Chart | null {
  if (!importance) return null;
  const rows = importance.features.slice(0, TOP_FEATURES).map(({ name, increase, deviation }) => ({
    label: wordsFor(name, interval).label,
    increase,
    from: increase - deviation,
    to: increase + deviation,
  }));
  const domain = padded([0, ...rows.flatMap(({ from, to }) => [from, to])]);
  const middle = { scale: "y", field: "label", band: 0.5 };
  return {
    id: "importance",
    title: "Importance of features",
    description: `How much larger the error of ${inWords(importance.model)} gets when one feature is shuffled: the ${rows.length} features that matter most.`,
    spec: {
      width: WIDTH - LABEL_ROOM - 30,
      height: 24 * rows.length,
      padding: { left: LABEL_ROOM, right: 30, top: 6, bottom: 40 },
      autosize: "none",
      data: [{ name: "rows", values: rows }],
      scales: [
        { name: "x", type: "linear", zero: false, domain, range: "width" },
        { name: "y", type: "band", domain: { data: "rows", field: "label" }, range: "height", padding: 0.3 },
      ],
      axes: [
        { orient: "left", scale: "y", ticks: false, labelPadding: 10, labelLimit: 0, labelColor: "var(--text)", labelFontSize: 12 },
        percentAxis("bottom", "x", "increase of the error when shuffled (bar), and its deviation over repeats (line)", domain),
      ],
      marks: [
        {
          type: "rect",
          from: { data: "rows" },
          encode: {
            enter: {
              x: { scale: "x", value: 0 },
              x2: { scale: "x", field: "increase" },
              y: { scale: "y", field: "label" },
              height: { scale: "y", band: 1 },
              fill: { value: "var(--accent)" },
              fillOpacity: { value: 0.75 },
              cornerRadius: { value: 2 },
            },
          },
        },
        {
          type: "rule",
          from: { data: "rows" },
          encode: {
            enter: { x: { scale: "x", field: "from" }, x2: { scale: "x", field: "to" }, y: middle, stroke: { value: "var(--text)" } },
          },
        },
      ],
    },
  };
}

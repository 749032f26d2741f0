import type { Mark } from "vega";
import type { SymbolReport } from "../../core/reports/report.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import { HALF, padded, percentAxis, zeroLine } from "./axes.ts";
import type { Chart } from "./render-chart.ts";

/** The first dates are left out: the skill of few predictions varies so much that the rest would look flat. */
const UNSETTLED_SHARE = 0.1;

interface LineStyle {
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeDash: readonly number[];
}

// Told apart by their dashes, too, for who sees no colours.
const REGRESSOR: LineStyle = { stroke: "var(--accent)", strokeWidth: 2, strokeDash: [] };
const CLASSIFIER: LineStyle = { stroke: "var(--second)", strokeWidth: 2, strokeDash: [7, 3] };
const OTHERS: LineStyle = { stroke: "var(--faint)", strokeWidth: 1, strokeDash: [2, 2] };

/** Skill up to each date: one line per model, with the leading two in colour. */
export function skillChart({ cumulativeSkill: { dates, models }, regressor, classifier }: SymbolReport): Chart {
  const from = Math.floor(dates.length * UNSETTLED_SHARE);
  const rows = models.flatMap(({ model, skill }) => {
    const role = model === regressor ? "regressor" : model === classifier ? "classifier" : "other";
    return skill.flatMap((value, i) => (value === null || i < from ? [] : [{ date: Date.parse(dates[i]), skill: value, model, role }]));
  });
  const domain = padded([0, ...rows.filter(({ role }) => role !== "other").map(({ skill }) => skill)]);
  const line = (role: string, { stroke, strokeWidth, strokeDash }: LineStyle): Mark => ({
    type: "group",
    from: { facet: { name: `${role}-lines`, data: role, groupby: "model" } },
    marks: [
      {
        type: "line",
        from: { data: `${role}-lines` },
        encode: {
          enter: {
            x: { scale: "x", field: "date" },
            y: { scale: "y", field: "skill" },
            stroke: { value: stroke },
            strokeWidth: { value: strokeWidth },
            strokeDash: { value: [...strokeDash] },
          },
        },
      },
    ],
  });
  return {
    id: "skill",
    title: "Skill up to each date",
    description: `Skill of all predictions up to each date, against the baseline: ${inWords(regressor)} and ${inWords(classifier)} in colour, the other models in grey.`,
    spec: {
      ...HALF,
      padding: { ...HALF.padding, bottom: 24 },
      autosize: "none",
      data: [
        { name: "rows", values: rows },
        ...["other", "classifier", "regressor"].map((role) => ({
          name: role,
          source: "rows",
          transform: [{ type: "filter" as const, expr: `datum.role === "${role}"` }],
        })),
      ],
      scales: [
        { name: "x", type: "utc", domain: { data: "rows", field: "date" }, range: "width" },
        { name: "y", type: "linear", zero: false, domain, range: "height", clamp: true },
      ],
      axes: [{ orient: "bottom", scale: "x", tickCount: 6, grid: false, labelOverlap: true }, percentAxis("left", "y", "skill", domain)],
      marks: [zeroLine(), line("other", OTHERS), line("classifier", CLASSIFIER), line("regressor", REGRESSOR)],
    },
  };
}

import type { Mark } from "vega";
import type { Curve, SymbolReport } from "../../core/reports/report.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import { dashed, HALF, padded, percentAxis } from "./axes.ts";
import type { Chart } from "./render-chart.ts";

interface CurveOptions {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly curves: readonly (Curve & { readonly color: string; readonly leading: boolean })[];
  readonly x: string;
  readonly y: string;
}

/** Predicted moves against actual ones. */
export function returnsChart({ predictedAgainstActual: curve }: SymbolReport): Chart {
  return curveChart({
    id: "returns",
    title: "Predicted against actual moves",
    description: `Predictions of ${inWords(curve.model)} in ${curve.bins.length} groups of equal size: mean predicted move against mean actual move, with 95 % intervals.`,
    curves: [{ ...curve, color: "var(--accent)", leading: true }],
    x: "mean predicted move",
    y: "mean actual move",
  });
}

/** Stated chances of a rise against the share of rises. */
export function calibrationChart({ calibration, classifier }: SymbolReport): Chart {
  const curves = [...calibration].sort((a, b) => Number(a.model === classifier) - Number(b.model === classifier));
  return curveChart({
    id: "calibration",
    title: "Stated chance of a rise against the share of rises",
    description: `Each classifier's predictions in groups of equal size: mean stated chance of a rise against the share of rises that came true; with 95 % intervals for ${inWords(classifier)}.`,
    curves: curves.map((curve) => {
      const leading = curve.model === classifier;
      return { ...curve, color: leading ? "var(--second)" : "var(--faint)", leading };
    }),
    x: "stated chance of a rise",
    y: "share of rises",
  });
}

/** Groups of predictions against their outcomes; on the dashed line the two are equal. */
function curveChart({ id, title, description, curves, x, y }: CurveOptions): Chart {
  const points = curves.flatMap(({ bins, color, leading }) =>
    bins.map(({ predicted, actual, lower, upper }) => ({
      predicted,
      actual,
      lower: leading ? (lower ?? actual) : actual,
      upper: leading ? (upper ?? actual) : actual,
      color,
    })),
  );
  const across = padded(points.map(({ predicted }) => predicted));
  const up = padded(points.flatMap(({ actual, lower, upper }) => [actual, lower, upper]));
  const equal = { from: Math.max(across[0], up[0]), to: Math.min(across[1], up[1]) };
  const at = (field: string) => ({ scale: "y", field });
  const marks: Mark[] = [
    ...(equal.from < equal.to
      ? [
          dashed({
            x: { scale: "x", value: equal.from },
            y: { scale: "y", value: equal.from },
            x2: { scale: "x", value: equal.to },
            y2: { scale: "y", value: equal.to },
          }),
        ]
      : []),
    {
      type: "rule",
      from: { data: "points" },
      encode: {
        enter: {
          x: { scale: "x", field: "predicted" },
          y: at("lower"),
          y2: at("upper"),
          stroke: { field: "color" },
          strokeOpacity: { value: 0.45 },
        },
      },
    },
    {
      type: "symbol",
      from: { data: "points" },
      encode: { enter: { x: { scale: "x", field: "predicted" }, y: at("actual"), size: { value: 52 }, fill: { field: "color" } } },
    },
  ];
  return {
    id,
    title,
    description,
    spec: {
      ...HALF,
      autosize: "none",
      data: [{ name: "points", values: points }],
      scales: [
        { name: "x", type: "linear", zero: false, domain: across, range: "width" },
        { name: "y", type: "linear", zero: false, domain: up, range: "height" },
      ],
      axes: [percentAxis("bottom", "x", x, across), percentAxis("left", "y", y, up)],
      marks,
    },
  };
}

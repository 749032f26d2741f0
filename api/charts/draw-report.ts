import type { SymbolReport } from "../../core/reports/report.ts";
import { coverageChart } from "./coverage-chart.ts";
import { calibrationChart, returnsChart } from "./curve-chart.ts";
import { importanceChart } from "./importance-chart.ts";
import { renderChart, renderForWidths } from "./render-chart.ts";
import { skillChart } from "./skill-chart.ts";

/** A report's pictures, each as SVG text for wide and for narrow screens. */
export interface ReportCharts {
  readonly skill: string;
  readonly returns: string;
  readonly calibration: string;
  readonly coverage: string;
  /** null where importance is unknown */
  readonly importance: string | null;
}

const drawn = new WeakMap<SymbolReport, Promise<ReportCharts>>();

/** Draws a report's pictures once, and keeps them as long as the report. */
export function drawReport(report: SymbolReport): Promise<ReportCharts> {
  const known = drawn.get(report);
  if (known) return known;
  const drawing = draw(report);
  drawn.set(report, drawing);
  drawing.catch(() => drawn.delete(report));
  return drawing;
}

async function draw(report: SymbolReport): Promise<ReportCharts> {
  const importance = importanceChart(report);
  return {
    skill: await renderForWidths(skillChart(report)),
    returns: await renderForWidths(returnsChart(report)),
    calibration: await renderForWidths(calibrationChart(report)),
    coverage: await renderForWidths(coverageChart(report)),
    importance: importance ? await renderChart(importance) : null,
  };
}

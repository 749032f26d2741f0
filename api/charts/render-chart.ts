import type { Config, Spec } from "vega";

export interface Chart {
  /** unique on its page */
  readonly id: string;
  readonly title: string;
  /** what the picture shows, for people who can't see it */
  readonly description: string;
  readonly spec: Spec;
}

/** With the room for a left axis about as wide as a card on a telephone. */
const NARROW = 240;

/** Colours are the page's variables, so pictures follow its light or dark theme. */
const CONFIG: Config = {
  background: "transparent",
  axis: {
    domainColor: "var(--line)",
    gridColor: "var(--line)",
    tickColor: "var(--line)",
    labelColor: "var(--muted)",
    titleColor: "var(--muted)",
    labelFont: "system-ui, sans-serif",
    titleFont: "system-ui, sans-serif",
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: "normal",
    domain: false,
    tickSize: 4,
  },
  text: { font: "system-ui, sans-serif", fontSize: 11, fill: "var(--muted)" },
};

/**
 * Draws a chart as SVG text for a page.
 *
 * Vega is loaded with the first chart, so an API without requests for pictures runs without it.
 */
export async function renderChart({ id, title, description, spec }: Chart): Promise<string> {
  const { parse, View } = await import("vega");
  const view = new View(parse(spec, CONFIG), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  // The picture is one image with a title; its parts, which have no words of their own, are not read out.
  const parts = / role="graphics-(?:symbol|object|document)"| aria-roledescription="[^"]*"| aria-label="[^"]*"/g;
  const head = `role="img" aria-labelledby="${id}-title ${id}-desc"`;
  const words = `<title id="${id}-title">${escapeXml(title)}</title><desc id="${id}-desc">${escapeXml(description)}</desc>`;
  return svg.replace(parts, "").replace(/^<svg([^>]*)>/, (_, attributes: string) => `<svg ${head}${attributes}>${words}`);
}

/** Draws a chart for wide and for narrow screens; the page's style shows one of them, each with letters of a readable size. */
export async function renderForWidths(chart: Chart): Promise<string> {
  const narrow = { ...chart, id: `${chart.id}-narrow`, spec: { ...chart.spec, width: NARROW } };
  return `<div class="at-wide">${await renderChart(chart)}</div><div class="at-narrow">${await renderChart(narrow)}</div>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

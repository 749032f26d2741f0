import { readFileSync, writeFileSync } from "node:fs";
import { METRICS, type MetricSpec } from "./metrics-catalog.ts";

const BEGIN = "<!-- table -->\n";
const END = "<!-- /table -->";

/** The text with its table of metrics as the catalogue has it. */
export function withMetricsTable(text: string): string {
  const rows = Object.values<MetricSpec>(METRICS).map(
    ({ name, type, at, labels, help, bound }) =>
      `| \`${name}\` | ${type}, ${at} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} | ${bound} |`,
  );
  const table = ["| metric | | labels | | series at most |", "|---|---|---|---|---|", ...rows].join("\n");
  return `${text.slice(0, text.indexOf(BEGIN) + BEGIN.length)}${table}\n${text.slice(text.indexOf(END))}`;
}

if (import.meta.main) {
  const file = new URL("../docs/observability.md", import.meta.url);
  writeFileSync(file, withMetricsTable(readFileSync(file, "utf8")));
}

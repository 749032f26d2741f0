// Writes the lists that documents and configuration files take from the code: `node scripts/write-tables.ts`. Each stands
// between two lines that say `table: NAME` and `/table: NAME`.
import { readFileSync, writeFileSync } from "node:fs";
import { createApp } from "../api/app.ts";
import { PROBLEM_TYPES, type ProblemName, typeOf } from "../api/http/problem-types.ts";
import { createLiveRegistry } from "../api/served/live-registry.ts";
import { COMMANDS, loadCommand } from "../cli/commands.ts";
import type { Setting } from "../settings/setting.ts";
import { SETTINGS } from "../settings/settings-table.ts";
import { createMemoryStore } from "../storage/object-store/memory-store.ts";
import { METRICS, type MetricSpec } from "../telemetry/metrics-catalog.ts";

interface Table {
  readonly name: string;
  /** Path from the project's root. */
  readonly file: string;
  readonly lines: readonly string[];
}

export const TABLES: readonly Table[] = [
  { name: "settings", file: "README.md", lines: ["| variable | default | |", "|---|---|---|", ...settingRows()] },
  { name: "commands", file: "README.md", lines: ["| command | does |", "|---|---|", ...(await commandRows())] },
  {
    name: "metrics",
    file: "docs/observability.md",
    lines: ["| metric | type, where | labels | meaning | most series |", "|---|---|---|---|---|", ...metricRows()],
  },
  { name: "routes", file: "docs/migration.md", lines: ["| route | answers |", "|---|---|", ...(await routeRows())] },
  { name: "problems", file: "docs/migration.md", lines: ["| status | type | title |", "|---|---|---|", ...problemRows()] },
];

/**
 * The text with its table as the code has it, indented as the table's first line.
 *
 * @throws {Error} if the text has no place for the table
 */
export function withTable(text: string, { name, lines }: Pick<Table, "name" | "lines">): string {
  const place = new RegExp(`^([ \\t]*)(.*\\btable: ${name}\\b.*\\n)[^]*?^(.*/table: ${name}\\b.*)$`, "m");
  if (!place.test(text)) throw new Error(`there is no place for the table "${name}"`);
  return text.replace(place, (_, indent: string, begin: string, end: string) =>
    [`${indent}${begin}`, ...lines.map((line) => `${indent}${line}\n`), end].join(""),
  );
}

function settingRows(): string[] {
  return Object.values<Setting<unknown>>(SETTINGS).map(
    ({ variable, fallback, fallbackWords = shownFallback(fallback), words }) => `| \`${variable}\` | ${fallbackWords} | ${words} |`,
  );
}

function shownFallback(value: unknown): string {
  return value === null ? "" : `\`${value}\``;
}

async function commandRows(): Promise<string[]> {
  const commands = await Promise.all(COMMANDS.map(loadCommand));
  return commands.map(({ name, argument, examples, summary }) => {
    const calls = examples ?? [argument ? `${name} ${argument.syntax}` : name];
    return `| ${calls.map((call) => `\`${call.replaceAll("|", "\\|")}\``).join(", ")} | ${summary} |`;
  });
}

function metricRows(): string[] {
  return Object.values<MetricSpec>(METRICS).map(
    ({ name, type, at, labels, help, bound }) =>
      `| \`${name}\` | ${type}, ${at} | ${labels.map((label) => `\`${label}\``).join(", ")} | ${help} | ${bound} |`,
  );
}

/** What the API's own reference lists. */
async function routeRows(): Promise<string[]> {
  const registry = createLiveRegistry(createMemoryStore(), { pollMs: 0 });
  const app = createApp({ registry, now: () => 0, codeVersion: "0.0.0" });
  const { paths } = (await (await app.request("/openapi.json")).json()) as { paths: Record<string, Record<string, { summary: string }>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary }]) => `| \`${method.toUpperCase()} ${path}\` | ${summary} |`),
  );
}

function problemRows(): string[] {
  const names = Object.keys(PROBLEM_TYPES) as ProblemName[];
  return names.map((name) => `| ${PROBLEM_TYPES[name].status} | \`${typeOf(name)}\` | ${PROBLEM_TYPES[name].title} |`);
}

if (import.meta.main) {
  for (const table of TABLES) {
    const path = new URL(`../${table.file}`, import.meta.url);
    writeFileSync(path, withTable(readFileSync(path, "utf8"), table));
  }
}

import { readFileSync } from "node:fs";
import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";

/** A metric in an expression, and the labels that it selects or groups by. */
export interface Use {
  readonly where: string;
  readonly metric: string;
  readonly labels: readonly string[];
}

/** @throws {Error} if the expression is not PromQL */
export function usesIn(where: string, expression: string): Use[] {
  const text = expression.replaceAll("$__rate_interval", "5m");
  const uses: Use[] = [];
  const read = ({ from, to }: SyntaxNode) => text.slice(from, to);
  const visit = (node: SyntaxNode, grouped: readonly string[]) => {
    if (node.type.isError) throw new Error(`${where}: not PromQL at ${node.from}: ${text}`);
    if (node.name === "VectorSelector") {
      const matchers = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
      const selected = matchers.flatMap((matcher) => matcher.getChildren("LabelName")).map(read);
      uses.push({ where, metric: read(node.getChild("Identifier") as SyntaxNode), labels: [...selected, ...grouped] });
    }
    const names = node.getChild("AggregateModifier")?.getChild("GroupingLabels")?.getChildren("LabelName") ?? [];
    const inner = names.length > 0 ? names.map(read) : grouped;
    for (let child = node.firstChild; child; child = child.nextSibling) visit(child, inner);
  };
  visit(parser.parse(text).topNode, []);
  return uses;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** All expressions of the dashboard, by panel. */
export function dashboardExpressions(): { where: string; expr: string }[] {
  const dashboard = JSON.parse(readFileSync(file("grafana-dashboard.json"), "utf8")) as {
    panels: Panel[];
    annotations: { list: { name: string; expr: string }[] };
    templating: { list: { name: string; definition?: string }[] };
  };
  const labelValues = /^label_values\((.*), \w+\)$/;
  return [
    ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ where: `panel ${title}`, expr }))),
    ...dashboard.annotations.list.map(({ name, expr }) => ({ where: `annotation ${name}`, expr })),
    ...dashboard.templating.list.flatMap(({ name, definition }) => {
      const [, expr] = labelValues.exec(definition ?? "") ?? [];
      return expr ? [{ where: `variable ${name}`, expr }] : [];
    }),
  ];
}

/** All alert rules with their expressions. */
export function alertExpressions(): { where: string; expr: string }[] {
  const { groups } = parse(readFileSync(file("alert-rules.yml"), "utf8")) as { groups: { rules: { alert: string; expr: string }[] }[] };
  return groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ where: `alert ${alert}`, expr })));
}

function file(name: string): URL {
  return new URL(`../../monitoring/${name}`, import.meta.url);
}

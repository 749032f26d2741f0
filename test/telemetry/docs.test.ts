import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { alertExpressions, dashboardExpressions, usesIn } from "./promql.ts";

const text = readFileSync(new URL("../../docs/observability.md", import.meta.url), "utf8");

test("every metric and alert of dashboard and rules is explained", () => {
  const used = [...dashboardExpressions(), ...alertExpressions()].flatMap(({ where, expr }) => usesIn(where, expr));
  expect(used.length).toBeGreaterThan(30);
  for (const { metric } of used) expect(text).toContain(`\`${metric.replace(/_(bucket|sum|count)$/, "")}\``);
  for (const { where } of alertExpressions()) expect(text).toContain(where.replace("alert ", ""));
});

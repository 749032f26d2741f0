import type { Difference } from "./step.ts";

/**
 * Every value in which two JSON documents differ, by its path. Numbers are compared bit for bit; the order of an object's
 * fields doesn't matter.
 */
export function compareJson(expected: unknown, found: unknown, path = ""): Difference[] {
  if (isHolder(expected) && isHolder(found) && Array.isArray(expected) === Array.isArray(found)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
    return [...names].flatMap((name) => compareJson(expected[name], found[name], path === "" ? name : `${path}.${name}`));
  }
  return Object.is(expected, found) ? [] : [{ of: path, expected: show(expected), found: show(found) }];
}

function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? "not there" : Object.is(value, -0) ? "-0" : JSON.stringify(value);
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DOCUMENTS = [
  "README.md",
  "examples/README.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const textOf = (document: string) => readFileSync(join(ROOT, document), "utf8");

describe.each(DOCUMENTS)("%s", (document) => {
  test("names only source files that exist", () => {
    const named = textOf(document).matchAll(/`((?:[a-z][\w.-]*\/)+[\w.-]+\.(?:ts|mjs|sh|yml|yaml|tf|toml))`/g);
    const missing = [...named].map(([, path]) => path).filter((path) => !path.includes("NAME") && !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  test("links only to files that exist", () => {
    const links = textOf(document).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g);
    const missing = [...links].map(([, path]) => path).filter((path) => !existsSync(join(ROOT, dirname(document), path)));
    expect(missing).toEqual([]);
  });
});

test("the path of a candle passes through at most 30 files, none of them twice", () => {
  const text = textOf("docs/architecture.md");
  const section = text.slice(text.indexOf("## The path of a candle"), text.indexOf("## Where to put something new"));
  const files = [...section.matchAll(/^\| \d+ \| `([^`]+)`/gm)].map(([, path]) => path);
  expect(files.length).toBeGreaterThan(10);
  expect(files.length).toBeLessThanOrEqual(30);
  expect(new Set(files).size).toBe(files.length);
});

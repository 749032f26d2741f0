import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { TABLES, withTable } from "../../scripts/write-tables.ts";

test.each(TABLES)("the table of $name in $file is what the code says", (table) => {
  const text = readFileSync(new URL(`../../${table.file}`, import.meta.url), "utf8");
  expect(withTable(text, table), "run `node scripts/write-tables.ts`").toBe(text);
});

describe("a table", () => {
  const lines = ["- new"];

  test("replaces what stands between its marks, indented as they are, and nothing else", () => {
    const text = "a:\n  # table: x (made)\n  - old\n  - older\n  # /table: x\n  # table: xy\n  # /table: xy\nb\n";
    expect(withTable(text, { name: "x", lines })).toBe(
      "a:\n  # table: x (made)\n  - new\n  # /table: x\n  # table: xy\n  # /table: xy\nb\n",
    );
  });

  test("needs its marks", () => {
    expect(() => withTable("# table: y\n# /table: y\n", { name: "x", lines })).toThrow('"x"');
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { SERVICE_STATES } from "../../api/served/service-state.ts";
import { TABLES, withTable } from "../../scripts/write-tables.ts";

test.each(TABLES)("the table of $name in $file is what the code says", (table) => {
  const text = readFileSync(new URL(`../../${table.file}`, import.meta.url), "utf8");
  expect(withTable(text, table), "run `node scripts/write-tables.ts`").toBe(text);
});

test("the guide tells of every state of the service, and of no other", () => {
  const guide = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const section = guide.slice(guide.indexOf("What `/health` says"));
  const named = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, state]) => state);
  expect(named).toEqual(Object.keys(SERVICE_STATES));
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

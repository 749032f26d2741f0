import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** A small project with the same rooms and no violation; each test adds one. */
const SOUND: Record<string, string> = {
  "tsconfig.json":
    '{"compilerOptions":{"target":"ES2024","module":"NodeNext","moduleResolution":"NodeNext","verbatimModuleSyntax":true,"allowImportingTsExtensions":true,"noEmit":true}}',
  "package.json": '{"type":"module"}',
  "worker.ts": 'import "./activities/steps.ts";\nimport "./workflows/story.ts";\n',
  "core/sum.ts": "export const sum = (a: number, b: number): number => a + b;\n",
  "storage/disk.ts":
    'import { readFileSync } from "node:fs";\nexport interface Disk { readonly path: string }\nexport const read = (path: string): Buffer => readFileSync(path);\n',
  "activities/steps.ts":
    'import { sum } from "../core/sum.ts";\nimport { read } from "../storage/disk.ts";\nexport type Steps = { one(): number };\nexport const steps = { one: () => sum(1, read("x").length) };\n',
  "workflows/story.ts":
    'import type { Steps } from "../activities/steps.ts";\nimport { sum } from "../core/sum.ts";\nexport const story = (steps: Steps): number => sum(1, steps.one());\n',
};

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "candlecast-rules-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function check(planted: Record<string, string>): { status: number | null; problems: string } {
  const folder = mkdtempSync(join(base, "project-"));
  for (const [path, text] of Object.entries({ ...SOUND, ...planted })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/check-dependencies.mjs"), folder], { encoding: "utf8" });
  return { status, problems: stderr };
}

describe("dependency rules", () => {
  it("find no problem in a sound project", () => {
    expect(check({})).toEqual({ status: 0, problems: "" });
  });

  it.each([
    [
      "a room that imports another room against the table",
      { "core/bad.ts": 'import type { Disk } from "../storage/disk.ts";\nexport type Bad = Disk;\n' },
      "room-core",
    ],
    [
      "an example that something imports",
      { "examples/main.ts": "export const main = 1;\n", "cli/bad.ts": 'export { main } from "../examples/main.ts";\n' },
      "examples-stand-alone",
    ],
    [
      "a Node builtin in core",
      { "core/bad.ts": 'import { readFileSync } from "node:fs";\nexport const bad = readFileSync;\n' },
      "core-is-pure",
    ],
    [
      "a workflow that imports an activity by value",
      { "workflows/bad.ts": 'import { steps } from "../activities/steps.ts";\nexport const bad = steps;\n' },
      "runtime-workflows-import-no-activity",
    ],
    [
      "an inline type import, which stays an import at runtime",
      { "workflows/bad.ts": 'import { type Steps } from "../activities/steps.ts";\nexport type Bad = Steps;\n' },
      "runtime-workflows-import-no-activity",
    ],
    [
      "a workflow that reaches I/O through files that look harmless",
      {
        "core/harmless.ts": 'export { also } from "./also-harmless.ts";\n',
        "core/also-harmless.ts": 'import { hash } from "node:crypto";\nexport const also = hash;\n',
        "workflows/bad.ts": 'import { also } from "../core/harmless.ts";\nexport const bad = also;\n',
      },
      "runtime-workflows-reach-no-io",
    ],
    [
      "a workflow interceptor that reaches what the sandbox doesn't have",
      { "telemetry/workflow-interceptors.ts": 'import { hash } from "node:crypto";\nexport const bad = hash;\n' },
      "runtime-workflows-reach-no-io",
    ],
    [
      "the servers' room that imports a command",
      {
        "cli/bar.ts": "export const bar = 1;\n",
        "dev/bad.ts": 'import { bar } from "../cli/bar.ts";\nexport const bad = bar;\n',
      },
      "room-dev",
    ],
    [
      "a package imported outside its place",
      { "core/bad.ts": 'import { Command } from "commander";\nexport const bad = Command;\n' },
      "package-commander",
    ],
    [
      "a package that isn't in the table",
      { "cli/bad.ts": 'import fc from "fast-check";\nexport const bad = fc;\n' },
      "package-without-a-place",
    ],
    [
      "a cycle at runtime",
      {
        "core/a.ts": 'import { b } from "./b.ts";\nexport const a = (): number => b();\n',
        "core/b.ts": 'import { a } from "./a.ts";\nexport const b = (): number => a();\n',
      },
      "no-cycles",
    ],
    [
      "a cycle of types alone",
      {
        "core/a.ts": 'import type { B } from "./b.ts";\nexport interface A { readonly b: B | null }\n',
        "core/b.ts": 'import type { A } from "./a.ts";\nexport interface B { readonly a: A | null }\n',
      },
      "no-cycles",
    ],
    [
      "a lower room that imports a higher one, even if only as a type",
      { "activities/bad.ts": 'import type { story } from "../workflows/story.ts";\nexport type Bad = typeof story;\n' },
      "room-activities",
    ],
    [
      "a workflow that imports zod, which each cached run would load again",
      { "workflows/bad.ts": 'import { z } from "zod";\nexport const bad = z;\n' },
      "runtime-workflows-reach-no-io",
    ],
    ["an import that leads nowhere", { "core/bad.ts": 'import { gone } from "./gone.ts";\nexport const bad = gone;\n' }, "resolvable"],
  ])("catch %s", (_, planted, rule) => {
    const { status, problems } = check(planted as Record<string, string>);
    expect(problems).toContain(rule);
    expect(status).toBe(1);
  });
});

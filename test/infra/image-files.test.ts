import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { RETURN_MEMORY } from "../../dev/processes/return-memory.ts";

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), "utf8");

test("the image has the Node that the package `node` has", () => {
  const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: Record<string, string> };
  expect(read("Dockerfile")).toContain(`ARG NODE_VERSION=${devDependencies.node}\n`);
});

test("processes in the image give freed memory back, as a worker that a command starts does", () => {
  for (const [name, value] of Object.entries(RETURN_MEMORY)) expect(read("Dockerfile")).toMatch(new RegExp(`\\b${name}=${value} `));
});

test("every folder that the programs import from gets into the image", async () => {
  const kept = read(".dockerignore")
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));
  const files = new Set(["worker.ts", "api/server.ts", "cli/main.ts", "dev/prepare-temporal.ts", "workflows/index.ts"]);
  for (const file of files) {
    for (const [, specifier] of read(file).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g))
      files.add(new URL(specifier, `file:///${file}`).pathname.slice(1));
  }
  const missing = [...files].filter((file) => !kept.some((entry) => file === entry || file.startsWith(`${entry}/`)));
  expect(files.size).toBeGreaterThan(200);
  expect(missing).toEqual([]);
});

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./print-digests.ts", import.meta.url));

async function digestsWith({ threads, flags = [], env = {} }: { threads: number; flags?: string[]; env?: Record<string, string> }) {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, String(threads)], { env: { ...process.env, ...env } });
  return JSON.parse(stdout) as Record<string, string>;
}

test("features, models and out-of-sample predictions have the same bytes on any machine, in any folder, under any load", async () => {
  const usual = await digestsWith({ threads: 2 });
  expect(Object.keys(usual)).toHaveLength(2 + 2 * 5);
  expect(new Set(Object.values(usual)).size).toBe(2 + 2 * 5);
  const elsewhere = { TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };
  expect(await digestsWith({ threads: 1, flags: ["--no-opt", "--no-maglev"], env: elsewhere })).toEqual(usual);
  const narrow = { TZ: "America/St_Johns", UV_THREADPOOL_SIZE: "1" };
  expect(await digestsWith({ threads: 5, flags: ["--always-turbofan", "--max-old-space-size=80"], env: narrow })).toEqual(usual);
}, 120_000);

/**
 * Node computes exp, log, sin and cos itself, and so the same everywhere, but asks the machine's C library for powers: two
 * machines may differ in the last bit. Squares are plain products, and powers of 2 exact.
 */
test("the core raises nothing to a power that the machine's C library decides", () => {
  const core = resolve(import.meta.dirname, "../../core");
  const powers = readdirSync(core, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) =>
      readFileSync(join(core, name), "utf8")
        .split("\n")
        .filter((line) => !/^\s*(\/?\*|\/\/)/.test(line))
        .filter((line) => /Math\.pow\b| \*\* /.test(line.replace(/ \*\* 2\b(?!\.)|\b2 \*\* /g, "")))
        .map((line) => `${name}: ${line.trim()}`),
    );
  expect(powers).toEqual([]);
});

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundleDigest, keepBundle, keptBundle } from "../../cli/worker/kept-bundle.ts";

let cache: string;
const former = process.env.XDG_CACHE_HOME;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "candlecast-bundles-"));
  process.env.XDG_CACHE_HOME = cache;
});

afterEach(() => {
  if (former === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = former;
  rmSync(cache, { recursive: true, force: true });
});

const files = () => readdirSync(join(cache, "candlecast")).filter((name) => name.startsWith("workflows-"));

test("a bundle is found again by the digest of its sources, and by no other", async () => {
  await keepBundle("a".repeat(64), "the code\nof the workflows");
  expect(await keptBundle("a".repeat(64))).toBe("the code\nof the workflows");
  expect(await keptBundle("b".repeat(64))).toBeNull();
});

test("a bundle that was cut off or changed is not taken", async () => {
  const digest = "c".repeat(64);
  await keepBundle(digest, "the code of the workflows");
  const path = join(cache, "candlecast", files()[0]);
  for (const change of [(text: string) => text.slice(0, -1), (text: string) => text.replace("code", "c0de"), () => ""]) {
    const whole = readFileSync(path, "utf8");
    writeFileSync(path, change(whole));
    expect(await keptBundle(digest)).toBeNull();
    writeFileSync(path, whole);
  }
  expect(await keptBundle(digest)).not.toBeNull();
});

test("few are kept, and a folder that can't be written to stops nothing", async () => {
  for (let i = 0; i < 9; i++) await keepBundle(`${i}`.repeat(64), `code ${i}`);
  expect(files()).toHaveLength(5);
  process.env.XDG_CACHE_HOME = "/dev/null";
  await keepBundle("d".repeat(64), "code");
  expect(await keptBundle("d".repeat(64))).toBeNull();
});

test("the digest is the same for the same sources, and another with other interceptors", async () => {
  expect(await bundleDigest([])).toBe(await bundleDigest([]));
  expect(await bundleDigest(["/x.ts"])).not.toBe(await bundleDigest([]));
});

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { exp } from "../../api/browser/math/exp.ts";
import { log } from "../../api/browser/math/log.ts";
import { cos, sin } from "../../api/browser/math/sin-cos.ts";
import { sha256Hex } from "../../api/browser/sha256.ts";
import { Buffer as BrowserBuffer } from "../../api/browser/shims/node-buffer.ts";
import { createRandom, type Random } from "../../core/random.ts";

const EDGES = [0, -0, 1, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 709.782712893384, 1e22, Math.PI / 4];
const signed = (random: Random, most: number) => 2 * (random.next() - 0.5) * most * 10 ** -random.int(5);

describe("functions that stand for the engine's in the bundle", () => {
  test.each([
    ["exp", exp, Math.exp, (random: Random) => signed(random, 20)],
    ["exp, far out", exp, Math.exp, (random: Random) => signed(random, 760)],
    ["log", log, Math.log, (random: Random) => Math.abs(signed(random, 1e5))],
    ["log near 1", log, Math.log, (random: Random) => 1 + signed(random, 0.1)],
    ["log, far out", log, Math.log, (random: Random) => 2 ** signed(random, 1_074)],
    ["sin", sin, Math.sin, (random: Random) => signed(random, 7)],
    ["cos", cos, Math.cos, (random: Random) => signed(random, 7)],
    ["sin near multiples of π/2", sin, Math.sin, (random: Random) => (random.int(1_000) - 500) * (Math.PI / 2)],
    ["cos, far out", cos, Math.cos, (random: Random) => signed(random, 1e6)],
  ] as const)("%s gives the bits of Node's, 200,000 times", (_, own, nodes, draw) => {
    const random = createRandom(7);
    const wrong = Array.from({ length: 200_000 }, () => draw(random)).filter((x) => !Object.is(own(x), nodes(x)));
    expect(wrong).toEqual([]);
    for (const x of EDGES) expect(own(x)).toBe(nodes(x));
  });
});

describe("what stands for Node's modules in the bundle", () => {
  const random = createRandom(11);
  const bytesOf = (length: number) => Uint8Array.from({ length }, () => random.int(256));

  test("sha256 gives Node's digests, for every length up to 200 and a long one", () => {
    for (const length of [...Array(200).keys(), 100_000]) {
      const bytes = bytesOf(length);
      expect(sha256Hex(bytes.subarray(0))).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  });

  test("Buffer reads and writes base64 and Latin-1 as Node does, strangers in it included", () => {
    for (const length of [0, 1, 2, 3, 4, 100, 20_000]) {
      const bytes = bytesOf(length);
      const { buffer } = bytes;
      const text = BrowserBuffer.from(buffer, 0, length).toString("base64");
      expect(text).toBe(Buffer.from(buffer).toString("base64"));
      expect([...BrowserBuffer.from(text, "base64")]).toEqual([...bytes]);
      expect(BrowserBuffer.from(bytes).toString("latin1")).toBe(Buffer.from(bytes).toString("latin1"));
    }
    for (const text of ["QUJD", "QU JD", "QUJD=", "QUJDR", "Q", "!", "QUI="])
      expect([...BrowserBuffer.from(text, "base64")]).toEqual([...Buffer.from(text, "base64")]);
  });

  test("Buffer finds text from the end", () => {
    const bytes = new TextEncoder().encode("a key, a key.");
    expect(BrowserBuffer.from(bytes).lastIndexOf("key", undefined, "latin1")).toBe(9);
    expect(BrowserBuffer.from(bytes).includes("lock", undefined, "latin1")).toBe(false);
    expect(BrowserBuffer.compare(bytes, bytes.slice())).toBe(0);
    expect(BrowserBuffer.compare(bytes, bytes.subarray(1))).not.toBe(0);
  });
});

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../../core/models/file/model-file.ts";
import type { Model } from "../../core/models/model.ts";
import { measureNovelty, predictModel } from "../../core/models/predict-model.ts";
import type { FlatTrees } from "../../core/models/trees/flat-trees.ts";
import { createRandom } from "../../core/random.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { CLASSIFIERS } from "../../core/vocabulary/model-names.ts";
import { payloadOf, SMALL_MODELS, seal } from "./small-models.ts";

const FILES = SMALL_MODELS.map(encodeModel);
const RUNS = 5_000;
const MOST_CPU_MS = 1_000;
const options = { numRuns: RUNS, seed: 20_201_231 };

/** Of all mutated files: how many were read, and the most CPU time that one took. */
const seen = { files: 0, models: 0, mostCpuMs: 0 };

/** @returns null where the file is refused as it should be */
function read(file: Uint8Array): Model | null {
  const before = process.threadCpuUsage();
  try {
    return decodeModel(file);
  } catch (error) {
    if (error instanceof SchemaMismatchError || error instanceof CorruptObjectError) return null;
    throw error;
  } finally {
    const { user, system } = process.threadCpuUsage(before);
    seen.files++;
    seen.mostCpuMs = Math.max(seen.mostCpuMs, (user + system) / 1_000);
  }
}

/** Places all over a file: fc.double would give hardly anything but the first one. */
const fraction = fc.noBias(fc.integer({ min: 0, max: 999_999 })).map((value) => value / 1_000_000);
const model = fc.nat(SMALL_MODELS.length - 1);

describe("10,000 mutated model files", () => {
  test("changed anywhere, by flips, cuts, copies, insertions and swaps, are all refused", () => {
    const mutation = fc.record({
      kind: fc.constantFrom("flip", "set", "delete", "insert", "duplicate", "truncate", "swap", "append"),
      at: fraction,
      length: fc.integer({ min: 1, max: 64 }),
      to: fraction,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
    });
    fc.assert(
      fc.property(model, fc.array(mutation, { minLength: 1, maxLength: 3 }), (which, mutations) => {
        const file = mutations.reduce(mutateBytes, Buffer.from(FILES[which]));
        expect(read(file) === null || file.equals(FILES[which])).toBe(true);
      }),
      options,
    );
  });

  test("made to look right, with a digest that fits, are refused or predict numbers in their range", () => {
    const hostile = fc.constantFrom<unknown>(
      ...[
        null,
        true,
        -1,
        0,
        0.5,
        1e308,
        -1e308,
        2 ** 53,
        "",
        "AAAA",
        "x".repeat(5_000),
        [],
        {},
        [[[[[[[[[[]]]]]]]]]],
        { __proto__: null, "": 0 },
      ],
      ...["trees", "linear", "logistic", "random_forest", "gradient_boosting", "linear_regression", "__proto__"],
    );
    const number = fc.oneof(
      fc.constantFrom(...[0, -0, 1, -1, -2, 2, 255, 1e9, -1e9, 1e308, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
      fc.integer({ min: -3, max: 80 }),
      fc.double(),
    );
    const mutation = fc.record({
      kind: fc.constantFrom("value", "element", "element", "element", "remove", "rename", "add", "swap", "cut", "twice"),
      at: fraction,
      to: fraction,
      value: hostile,
      number,
      name: fc.constantFrom("__proto__", "constructor", "toString", "code", "kind", "weights"),
    });
    fc.assert(
      fc.property(model, fc.array(mutation, { minLength: 1, maxLength: 2 }), (which, mutations) => {
        const payload = mutations.reduce(mutatePayload, payloadOf(FILES[which]));
        const found = read(seal(payload));
        if (!found) return;
        seen.models++;
        expect(Buffer.from(encodeModel(found)).equals(seal(payload))).toBe(true);
        checkPredictions(found);
      }),
      options,
    );
    expect(seen.models).toBeGreaterThan(100);
    expect(({} as Record<string, unknown>).code).toBeUndefined();
  });

  test("nested, wide and long as far as the size allows are refused, in little time and memory", () => {
    const script = fileURLToPath(new URL("./read-hostile-files.ts", import.meta.url));
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--max-old-space-size=96", script], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { files, maxRssMb } = JSON.parse(stdout) as { files: { name: string; error: string; cpuMs: number }[]; maxRssMb: number };
    expect(files.length).toBeGreaterThan(8);
    for (const { name, error, cpuMs } of files) {
      expect([name, error]).toEqual([name, expect.stringMatching(/^(SchemaMismatch|CorruptObject)$/)]);
      expect(cpuMs, name).toBeLessThan(MOST_CPU_MS);
    }
    expect(maxRssMb).toBeLessThan(400);
  });

  afterAll(() => {
    expect(seen.files).toBeGreaterThanOrEqual(2 * RUNS);
    expect(seen.mostCpuMs).toBeLessThan(MOST_CPU_MS);
  });
});

interface ByteMutation {
  readonly kind: string;
  readonly at: number;
  readonly length: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

function mutateBytes(file: Buffer, { kind, at, length, to, bytes }: ByteMutation): Buffer {
  const place = Math.floor(at * file.length);
  const other = Math.floor(to * file.length);
  const [head, piece, tail] = [file.subarray(0, place), file.subarray(place, place + length), file.subarray(place + length)];
  const rest = file.subarray(place);
  if (kind === "truncate") return Buffer.from(head);
  if (kind === "delete") return Buffer.concat([head, tail]);
  if (kind === "insert") return Buffer.concat([head, bytes, rest]);
  if (kind === "duplicate") return Buffer.concat([head, piece, piece, tail]);
  if (kind === "append") return Buffer.concat([file, bytes]);
  const changed = Buffer.from(file);
  if (file.length === 0) return changed;
  if (kind === "flip") changed[place] ^= 1 << (length % 8);
  else if (kind === "set") changed[place] = bytes[0];
  else [changed[place], changed[other]] = [changed[other], changed[place]];
  return changed;
}

interface PayloadMutation {
  readonly kind: string;
  readonly at: number;
  readonly to: number;
  readonly value: unknown;
  readonly number: number;
  readonly name: string;
}

type Parent = Record<string, unknown>;

/** Fields of all objects of a payload, each with the object that it is in. */
function fieldsOf(value: unknown): { parent: Parent; name: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const parent = value as Parent;
  return Object.keys(parent).flatMap((name) => [{ parent, name }, ...fieldsOf(parent[name])]);
}

function mutatePayload(payload: string, { kind, at, to, value, number, name }: PayloadMutation): string {
  let root: unknown;
  try {
    root = JSON.parse(payload);
  } catch {
    return payload;
  }
  const all = fieldsOf(root);
  const arrays = all.filter(
    ({ parent, name: field }) =>
      /^(roots|feature|threshold|left|missingLeft|value|weights|lower|upper|mean|inverseDeviation)$/.test(field) &&
      typeof parent[field] === "string",
  );
  const fields = kind === "element" || kind === "cut" ? arrays : all;
  if (fields.length === 0) return payload;
  const one = fields[Math.floor(at * fields.length)];
  const other = fields[Math.floor(to * fields.length)];
  const old = one.parent[one.name];
  if (kind === "twice") return payload.replace(`"${one.name}":`, `"${one.name}":${JSON.stringify(value ?? null)},"${one.name}":`);
  if (kind === "value") one.parent[one.name] = value;
  if (kind === "element") one.parent[one.name] = changeElement(one.name, old as string, to, number);
  if (kind === "cut") one.parent[one.name] = (old as string).slice(0, 4 * Math.floor((to * (old as string).length) / 4));
  if (kind === "remove") delete one.parent[one.name];
  if (kind === "rename" || kind === "add")
    Object.defineProperty(one.parent, name, { value: kind === "add" ? value : old, enumerable: true, configurable: true, writable: true });
  if (kind === "rename" && name !== one.name) delete one.parent[one.name];
  if (kind === "swap") [one.parent[one.name], other.parent[other.name]] = [other.parent[other.name], old];
  try {
    return JSON.stringify(root);
  } catch {
    return payload;
  }
}

function changeElement(name: string, text: string, at: number, number: number): string {
  const { buffer } = new Uint8Array(Buffer.from(text, "base64"));
  const whole = /^(roots|feature|left)$/.test(name) ? Int32Array : name === "missingLeft" ? Uint8Array : Float64Array;
  if (buffer.byteLength % whole.BYTES_PER_ELEMENT !== 0) return text;
  const values = new whole(buffer);
  if (values.length > 0) values[Math.floor(at * values.length)] = number;
  return Buffer.from(buffer).toString("base64");
}

const EXTREMES = [1e-300, 1e308, -1e308, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
const ROWS = 60;

/** Predictions lie in their range, whatever is asked; and each node of a tree is reached in one way. */
function checkPredictions(found: Model): void {
  const random = createRandom(1);
  const value = () => (random.next() < 0.2 ? EXTREMES[random.int(EXTREMES.length)] : random.next());
  const rows = { names: found.features, columns: found.features.map(() => Float64Array.from({ length: ROWS }, value)) };
  const [from, to] = (CLASSIFIERS as readonly string[]).includes(found.algorithm) ? [0, 1] : [-1_000, 1_000];
  for (let row = 0; row < ROWS; row++) {
    const predicted = predictModel(found, rows, row);
    if (!(predicted >= from && predicted <= to)) throw new Error(`${found.algorithm} predicts ${predicted}`);
    const { distance, threshold } = measureNovelty(found, rows, row);
    if (!(Number.isFinite(threshold) && (distance >= 0 || Number.isNaN(distance))))
      throw new Error(`novelty is ${distance} of ${threshold}`);
  }
  if (found.body.kind === "trees") expect(reachedNodes(found.body.trees)).toEqual(Array.from(found.body.trees.left, (_, node) => node));
}

function reachedNodes({ roots, left }: FlatTrees): number[] {
  const reached = [...roots];
  for (const node of reached) {
    if (left[node] !== -1) reached.push(left[node], left[node] + 1);
    if (reached.length > left.length) throw new Error("nodes are reached in several ways");
  }
  return reached.sort((a, b) => a - b);
}

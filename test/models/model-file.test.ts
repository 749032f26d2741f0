import { describe, expect, test } from "vitest";
import { CorruptObjectError, SchemaMismatchError } from "../../core/errors.ts";
import { fitBody } from "../../core/models/fit-model.ts";
import { decodeModel, encodeModel } from "../../core/models/model-file.ts";
import { learnNovelty } from "../../core/models/novelty.ts";
import { createRandom } from "../../core/random.ts";
import { friedman1 } from "./friedman.ts";

interface ModelFile {
  schema: string;
  code?: string;
  features: string[];
  body: { trees: Record<"feature" | "left" | "roots" | "value", string> };
}

const set = friedman1(400, 1);
const encode = (algorithm: "random_forest" | "linear_regression") =>
  encodeModel({
    algorithm,
    scope: "coin",
    horizon: 1,
    featureSet: { name: "friedman", digest: "none" },
    features: set.names,
    rows: set.rows,
    novelty: learnNovelty(set.columns, set.rows),
    body: fitBody(set, algorithm, { scope: "coin", seed: 1 }),
  });
const file = (change: (value: ModelFile) => void) => {
  const value = JSON.parse(new TextDecoder().decode(encode("random_forest")));
  change(value);
  return new TextEncoder().encode(JSON.stringify(value));
};
const ints = (...values: number[]) => Buffer.from(Int32Array.from(values).buffer).toString("base64");

describe("a model file", () => {
  test("that is not JSON is corrupt", () => {
    expect(() => decodeModel(encode("random_forest").subarray(0, 1_000))).toThrow(CorruptObjectError);
  });

  test.each<[string, (value: ModelFile) => void, RegExp]>([
    [
      "another schema",
      (value) => {
        value.schema = "candlecast.model/2";
      },
      /schema/,
    ],
    [
      "a field too many",
      (value) => {
        value.code = "1";
      },
      /code/,
    ],
    [
      "an endless loop",
      (value) => {
        value.body.trees.left = ints(0);
      },
      /lengths|children/,
    ],
    [
      "a root outside",
      (value) => {
        value.body.trees.roots = ints(99_999_999);
      },
      /root/,
    ],
    [
      "a feature outside",
      (value) => {
        value.body.trees.feature = ints(...new Array<number>(Buffer.from(value.body.trees.feature, "base64").length / 4).fill(99));
      },
      /reads feature/,
    ],
    [
      "no tree",
      (value) => {
        value.body.trees.roots = "";
      },
      /0 trees/,
    ],
    [
      "a value that is no number",
      (value) => (value.body.trees.value = Buffer.from(Float64Array.of(Number.NaN).buffer).toString("base64")),
      /NaN/,
    ],
    [
      "cut-off arrays",
      (value) => {
        value.body.trees.value = "AAAA";
      },
      /multiple of 8/,
    ],
  ])("with %s is refused, naming it", (_, change, message) => {
    expect(() => decodeModel(file(change))).toThrow(SchemaMismatchError);
    expect(() => decodeModel(file(change))).toThrow(message);
  });

  test("with any byte changed is refused or still a model, never a crash", () => {
    const random = createRandom(11);
    for (const bytes of [encode("random_forest"), encode("linear_regression")]) {
      for (let i = 0; i < 150; i++) {
        const mutated = bytes.slice();
        mutated[random.int(mutated.length)] = random.int(256);
        try {
          decodeModel(mutated);
        } catch (error) {
          expect(error instanceof SchemaMismatchError || error instanceof CorruptObjectError).toBe(true);
        }
      }
    }
  });
});

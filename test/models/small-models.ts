import { createHash } from "node:crypto";
import { MODEL_SCHEMA } from "../../core/models/file/model-file.ts";
import { fitBody } from "../../core/models/fit-model.ts";
import type { Model } from "../../core/models/model.ts";
import { learnNovelty } from "../../core/models/novelty.ts";
import type { FlatTrees } from "../../core/models/trees/flat-trees.ts";
import { ALGORITHMS, type AlgorithmName } from "../../core/vocabulary/model-names.ts";
import { friedman1, friedmanClasses } from "./friedman.ts";

const ROWS = 800;
const TREES = 5;

/** One fitted model per algorithm, of a few trees. */
export const SMALL_MODELS: readonly Model[] = ALGORITHMS.map(smallModel);

function smallModel(algorithm: AlgorithmName): Model {
  const classify = algorithm === "logistic_regression" || algorithm === "random_forest_classifier";
  const set = classify ? friedmanClasses(ROWS, 1) : friedman1(ROWS, 1);
  const body = fitBody(set, algorithm, { scope: "coin", seed: 1 });
  return {
    algorithm,
    scope: "coin",
    horizon: 1,
    featureSet: { name: "friedman", digest: "none" },
    features: set.names,
    rows: set.rows,
    novelty: learnNovelty(set.columns, set.rows),
    body: body.kind === "trees" ? { ...body, factor: body.factor < 1 ? 1 / TREES : 1, trees: firstTrees(body.trees, TREES) } : body,
  };
}

function firstTrees(trees: FlatTrees, count: number): FlatTrees {
  const nodes = trees.roots[count];
  return {
    roots: trees.roots.slice(0, count),
    feature: trees.feature.slice(0, nodes),
    threshold: trees.threshold.slice(0, nodes),
    left: trees.left.slice(0, nodes),
    missingLeft: trees.missingLeft.slice(0, nodes),
    value: trees.value.slice(0, nodes),
  };
}

/** What a model file's digest stands for, as text. */
export function payloadOf(file: Uint8Array): string {
  const text = new TextDecoder().decode(file);
  return text.slice(text.indexOf(`"model":`) + 8, -2);
}

/** A model file with that payload, its digest right. */
export function seal(payload: string | Uint8Array): Uint8Array {
  const sha256 = createHash("sha256").update(payload).digest("hex");
  return Buffer.concat([
    Buffer.from(`{"schema":"${MODEL_SCHEMA}","sha256":"${sha256}","model":`),
    Buffer.from(payload),
    Buffer.from("}\n"),
  ]);
}

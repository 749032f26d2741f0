import { cpus } from "node:os";
import { decodeModel, encodeModel } from "../core/models/file/model-file.ts";
import { fitBody } from "../core/models/fit-model.ts";
import type { Model } from "../core/models/model.ts";
import { learnNovelty } from "../core/models/novelty.ts";
import { fitRandomForest } from "../core/models/trees/random-forest.ts";
import { createRandom } from "../core/random.ts";
import { ALGORITHMS, CLASSIFIERS } from "../core/vocabulary/model-names.ts";
import { BENCH_FOREST } from "./learner-settings.ts";
import { measure } from "./measure.ts";
import { makeRegressionData } from "./regression-data.ts";

/** Size of model files and time to read them, with the default settings on as many rows as the default coins have: `node bench/model-files.ts`. */
const ROWS = 26_000;
const FEATURES = 47;

const { columns, target } = makeRegressionData({ train: ROWS, test: 0, features: FEATURES });
const set = { names: columns.map((_, i) => `x${i}`), columns, rows: ROWS, target: target.map((y) => (y - 14) / 5) };
const classes = { ...set, target: set.target.map((y) => Number(y > 0)) };
const novelty = learnNovelty(columns, ROWS);

process.stdout.write(`Node ${process.versions.node}, ${cpus()[0].model}, ${ROWS} rows of ${FEATURES} features\n`);
process.stdout.write("| model | trees | nodes | file, kB | read, ms of CPU |\n|---|---|---|---|---|\n");
for (const algorithm of ALGORITHMS) {
  const data = (CLASSIFIERS as readonly string[]).includes(algorithm) ? classes : set;
  show(algorithm, algorithm, fitBody(data, algorithm, { scope: "pooled", seed: 1 }));
}
const deep = fitRandomForest(set, BENCH_FOREST, createRandom(1));
show(`forest of ${BENCH_FOREST.trees} trees, depth ${BENCH_FOREST.maxDepth}`, "random_forest", {
  kind: "trees",
  base: 0,
  factor: 1 / BENCH_FOREST.trees,
  trees: deep,
});

function show(name: string, algorithm: Model["algorithm"], body: Model["body"]): void {
  const featureSet = { name: "bench", digest: "none" };
  const bytes = encodeModel({ algorithm, scope: "pooled", horizon: 1, featureSet, features: set.names, rows: ROWS, novelty, body });
  const { timing } = measure(() => decodeModel(bytes), { leastMs: 300 });
  const [trees, nodes] = body.kind === "trees" ? [body.trees.roots.length, body.trees.left.length] : ["", ""];
  process.stdout.write(`| ${name} | ${trees} | ${nodes} | ${(bytes.length / 1_000).toFixed(0)} | ${timing.cpuMs.toFixed(1)} |\n`);
}

import { SchemaMismatchError } from "../../vocabulary/errors.ts";
import { isClassifier, LEARNERS } from "../../vocabulary/model-names.ts";
import type { LinearBody } from "../linear/linear-body.ts";
import type { Model, TreesBody } from "../model.ts";
import type { Standardisation } from "../standardise.ts";
import type { FlatTrees } from "../trees/flat-trees.ts";

const MAX_DEPTH = 64;
/** Targets are in units of volatility and clipped for learning: no regressor has reason to say more than this. */
const MAX_PREDICTION = 1_000;

/**
 * Everything that a prediction relies on and that types don't say: columns as wide as the features, trees that are trees,
 * and predictions that can't leave their range, whatever they are made from.
 *
 * @throws {SchemaMismatchError} naming what is wrong
 */
export function checkModel({ algorithm, features, novelty, body }: Model): void {
  const width = features.length;
  if (new Set(features).size !== width) refuse("features name one twice");
  const kind = body.kind === "linear" ? `linear ${body.link}` : body.kind;
  if (kind !== LEARNERS[algorithm].body) refuse(`body is ${kind}, which is none of ${algorithm}`);
  checkScale(novelty.scale, width, "novelty.scale");
  const [least, most] = body.kind === "trees" ? checkTrees(body, width) : checkLinear(body, width);
  const [from, to] = isClassifier(algorithm) ? [0, 1] : [-MAX_PREDICTION, MAX_PREDICTION];
  if (!(least >= from && most <= to)) refuse(`predictions can reach from ${least} to ${most}, beyond ${from} to ${to}`);
}

/** @returns the least and the largest sum that the trees can give, rounded as predictions are */
function checkTrees({ base, factor, trees }: TreesBody, width: number): [number, number] {
  checkStructure(trees, width);
  const { roots, left, value } = trees;
  let [least, most] = [0, 0];
  for (let t = 0; t < roots.length; t++) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let node = roots[t]; node < endOfTree(trees, t); node++) {
      if (left[node] !== -1) continue;
      low = Math.min(low, value[node]);
      high = Math.max(high, value[node]);
    }
    least += low;
    most += high;
  }
  const ends = [base + factor * least, base + factor * most];
  return factor >= 0 ? [ends[0], ends[1]] : [ends[1], ends[0]];
}

/**
 * Each tree is its root and the nodes up to the next root; each other node of it is the child of one node before it, so
 * that every way ends, no later than at the depth that is allowed.
 */
function checkStructure(trees: FlatTrees, width: number): void {
  const { roots, feature, threshold, left, missingLeft, value } = trees;
  const nodes = left.length;
  if ([feature, threshold, missingLeft, value].some((column) => column.length !== nodes)) refuse("trees are columns of different lengths");
  if (roots.length === 0 || roots[0] !== 0) refuse(`trees are ${roots.length}, the first one at ${roots[0]}`);
  /** Depth of a node; 0 for a node that nothing led to so far. */
  const depth = new Uint8Array(nodes);
  for (let t = 0; t < roots.length; t++) {
    const end = endOfTree(trees, t);
    if (!(end > roots[t] && end <= nodes)) refuse(`trees begin at ${roots[t]} and end at ${end} of ${nodes} nodes`);
    depth[roots[t]] = 1;
    for (let node = roots[t]; node < end; node++) {
      const child = left[node];
      if (depth[node] === 0) refuse(`trees have a node ${node} that nothing leads to`);
      if (feature[node] < 0 || feature[node] >= width) refuse(`trees' node ${node} reads feature ${feature[node]} of ${width}`);
      if (missingLeft[node] > 1) refuse(`trees' node ${node} sends missing values ${missingLeft[node]}`);
      if (child === -1) continue;
      if (child <= node || child + 1 >= end) refuse(`trees' node ${node} has children at ${child}, outside of its tree`);
      if (depth[child] !== 0 || depth[child + 1] !== 0) refuse(`trees' node ${node} shares children at ${child} with another`);
      if (depth[node] > MAX_DEPTH) refuse(`trees are deeper than ${MAX_DEPTH}`);
      depth[child] = depth[node] + 1;
      depth[child + 1] = depth[node] + 1;
    }
  }
}

function endOfTree({ roots, left }: FlatTrees, t: number): number {
  return t + 1 < roots.length ? roots[t + 1] : left.length;
}

/** @returns bounds of what the linear predictor can give: clipped features go so far and no further */
function checkLinear({ intercept, weights, scale, link }: LinearBody, width: number): [number, number] {
  if (weights.length !== width) refuse(`weights are ${weights.length} for ${width} features`);
  checkScale(scale, width, "scale");
  let reach = Math.abs(intercept);
  for (let f = 0; f < width; f++) {
    const farthest = Math.max(Math.abs(scale.lower[f] - scale.mean[f]), Math.abs(scale.upper[f] - scale.mean[f]));
    reach += Math.abs(weights[f]) * farthest * scale.inverseDeviation[f];
  }
  if (link === "identity") return [-reach, reach];
  return Number.isFinite(reach) ? [0, 1] : [Number.NaN, Number.NaN];
}

function checkScale(scale: Standardisation, width: number, name: string): void {
  for (const [column, values] of Object.entries(scale) as [string, Float64Array][])
    if (values.length !== width) refuse(`${name}.${column} has ${values.length} values for ${width} features`);
  if (scale.lower.some((lower, f) => lower > scale.upper[f])) refuse(`${name} clips a feature to nothing`);
  if (scale.inverseDeviation.some((value) => value < 0)) refuse(`${name} has a deviation below 0`);
}

function refuse(what: string): never {
  throw new SchemaMismatchError(`the model file's ${what}`);
}

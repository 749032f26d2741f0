import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { ActivityDependencies } from "../../activities/dependencies.ts";
import { MIN_CANDLES } from "../../activities/ingest/build-features.ts";
import { assessGroup } from "../../activities/train/assess-group.ts";
import { createFitPool } from "../../activities/train/fit-pool.ts";
import type { TrainingGroup } from "../../activities/train/plan-training.ts";
import { trainModel } from "../../activities/train/train-model.ts";
import type { ReportRefs } from "../../activities/train/write-reports.ts";
import { continuousSeries } from "../../core/candles/suspect-jumps.ts";
import { groupDigest, groupMembers } from "../../core/evaluation/training-groups.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { parseReport } from "../../core/reports/parse-report.ts";
import type { Explanation } from "../../core/reports/report.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { getVerified, putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import { readJson } from "../../storage/object-store/json-objects.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { writeSnapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import { marketAvailable, marketFolder } from "../../test/market-server.ts";
import { readSpotFile } from "../spot-candles.ts";

/**
 * Where the time of judging and reporting goes, by the number of coins: `node bench/study/judging.ts 30 60 120 187`. Real daily candles, a
 * store in memory, all models pooled.
 */
if (!marketAvailable) throw new Error(`${marketFolder} has no real candles`);
const folder = join(marketFolder, "spot", "daily-spot");
const counts = process.argv.slice(2).map(Number);

const HEAD = [
  "coins",
  "rows",
  "training, s",
  "judging and reports, s",
  "of it importance, s",
  "explanations, s",
  "s a coin",
  "CPU s of judging and reports",
  "reasons given",
  "mean fidelity",
  "digest",
];
console.log(`| ${HEAD.join(" | ")} |`);
console.log(`|${"---|".repeat(HEAD.length)}`);
for (const count of counts.length > 0 ? counts : [15, 60, 187]) {
  const store = createMemoryStore();
  const fitPool = createFitPool({ threads: availableParallelism() });
  const spent = { importance: 0, explanations: 0 };
  const timed =
    <Args extends unknown[], T>(part: keyof typeof spent, work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      const began = performance.now();
      try {
        return await work(...args);
      } finally {
        spent[part] = Math.max(spent[part], performance.now() - began);
      }
    };
  const deps = {
    store,
    fitPool: {
      ...fitPool,
      measureImportance: timed("importance", fitPool.measureImportance),
      explain: timed("explanations", fitPool.explain),
    },
  } as unknown as ActivityDependencies;
  const members: { symbol: string; snapshot: Awaited<ReturnType<typeof writeSnapshot>>; digest: string }[] = [];
  for (const file of readdirSync(folder).sort()) {
    const { series } = continuousSeries(readSpotFile(file, readFileSync(join(folder, file)), "1d"));
    if (members.length === count) break;
    if (series.length < MIN_CANDLES) continue;
    const bytes = encodeFeatures(computeFeatures(series));
    const { symbol } = series;
    const features = await putImmutable(store, keyOf("features", { symbol, digest: sha256Hex(bytes) }), bytes, series.length);
    const candles = { objects: [], rows: series.length, missing: 0, firstOpenTime: "", lastOpenTime: "" };
    const snapshot = await writeSnapshot(store, { symbol, source: "binance", simulated: false, candles, features });
    members.push({ symbol, snapshot, digest: features.sha256 });
  }
  const [grouping] = groupMembers(
    members.map(({ symbol, snapshot }) => ({ symbol, snapshot })),
    "pooled",
  );
  const digest = groupDigest(
    "pooled",
    1,
    members.map(({ symbol, digest: features }) => [symbol, features]),
  );
  const group: TrainingGroup = { ...grouping, digest, reused: false };
  const run = { signal: new AbortController().signal, progress: () => {}, attempt: 1, lastProgress: null } as never;
  const began = performance.now();
  const models = await Promise.all(ALGORITHMS.map((algorithm) => trainModel(deps, { group, algorithm, horizon: 1 }, run)));
  const trained = performance.now();
  const before = process.cpuUsage();
  const { reports, evaluation } = await assessGroup(deps, { group, models, horizon: 1 }, run);
  const seconds = (performance.now() - trained) / 1_000;
  const cpu = process.cpuUsage(before);
  const explanations = await readExplanations(store, reports);
  const fidelities = explanations.flatMap(({ fidelity }) => (fidelity === null ? [] : [fidelity]));
  const shown = [
    members.length,
    evaluation.rows,
    ((trained - began) / 1_000).toFixed(1),
    seconds.toFixed(1),
    (spent.importance / 1_000).toFixed(1),
    (spent.explanations / 1_000).toFixed(1),
    (seconds / members.length).toFixed(3),
    ((cpu.user + cpu.system) / 1e6).toFixed(1),
    `${explanations.filter(({ withheld }) => withheld === null).length} of ${explanations.length}`,
    (fidelities.reduce((sum, value) => sum + value, 0) / fidelities.length).toFixed(3),
    reports.sha256.slice(0, 12),
  ];
  console.log(`| ${shown.join(" | ")} |`);
  await fitPool.close();
}

/** Of the coins that have a champion. */
async function readExplanations(reader: ObjectReader, list: ObjectRef): Promise<Explanation[]> {
  const refs = Object.values(await readJson<ReportRefs>(reader, list));
  const reports = await Promise.all(refs.map(async (ref) => parseReport(await getVerified(reader, ref))));
  return reports.map(({ explanation }) => explanation).filter(({ withheld }) => withheld !== "no_champion");
}

import { createHash } from "node:crypto";
import { NativeConnection, Worker } from "@temporalio/worker";
import type { Activities } from "../../activities/create-activities.ts";
import { QUEUE_KINDS, taskQueues } from "../../activities/task-queues.ts";
import { workflowCode } from "../../cli/worker/workflow-code.ts";
import { groupMembers } from "../../core/evaluation/training-groups.ts";
import { NO_COUNTS } from "../../core/vocabulary/ingest-counts.ts";
import { isStored, type Listed, MOST_LISTED } from "../../core/vocabulary/listed.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { createSources } from "../../sources/create-sources.ts";
import type { SymbolOutcome } from "../../workflows/symbol-outcome.ts";
import type { System } from "./system.ts";

export interface FakeSteps {
  /** What {@link Activities.publishManifest} was last told of the run's symbols. */
  readonly published: () => readonly { readonly symbol: string; readonly error: string | null; readonly snapshot: ObjectRef | null }[];
  /** A list, wherever it is. */
  readonly read: <T>(list: Listed<T>) => readonly T[];
  stop(): Promise<void>;
}

/**
 * Serves a system's queues with steps that do nothing, so that a run is only its orchestration.
 *
 * @param failing symbols that no source knows
 */
export async function serveFakeSteps(
  { settings, address }: Pick<System, "settings" | "address">,
  { failing = [] }: { failing?: readonly string[] } = {},
): Promise<FakeSteps> {
  const lists = new Map<string, readonly unknown[]>();
  let told: ReturnType<FakeSteps["published"]> = [];
  const refOf = (kind: string, value: unknown): ObjectRef => {
    const text = JSON.stringify(value);
    const sha256 = createHash("sha256").update(text).digest("hex");
    return { key: `${kind}/${sha256}.json`, sha256, bytes: text.length, rows: null };
  };
  const store = (items: readonly unknown[]): ObjectRef => {
    const ref = refOf("runs/lists", items);
    lists.set(ref.key, items);
    return ref;
  };
  const read = <T>(list: Listed<T>): readonly T[] =>
    isStored(list) ? list.parts.flatMap(({ key }) => (lists.get(key) ?? []) as readonly T[]) : list;
  const listed = <T>(items: readonly T[]): Listed<T> =>
    items.length <= MOST_LISTED
      ? items
      : {
          length: items.length,
          parts: Array.from({ length: Math.ceil(items.length / MOST_LISTED) }, (_, i) =>
            store(items.slice(i * MOST_LISTED, (i + 1) * MOST_LISTED)),
          ),
        };

  const membersOf = (outcomes: readonly SymbolOutcome[]) =>
    outcomes.flatMap(({ result: { symbol }, snapshot }) => (snapshot ? [{ symbol, snapshot }] : []));

  const fakes: Partial<Activities> = {
    planRun: async ({ symbols, asOf }) => ({
      asOf,
      interval: "1d",
      horizon: 1,
      scope: "pooled",
      parallelism: 32,
      symbols: symbols.map((symbol) => ({ symbol, sources: ["simulated"] })),
    }),
    planBatch: async ({ symbols }) =>
      symbols.map((symbol) =>
        failing.includes(symbol)
          ? { kind: "failed", symbol, failure: { type: "UnknownSymbol", message: `nobody knows ${symbol}` } }
          : { kind: "done", symbol, result: { from: 0, to: 1, storedSource: null, compareFirst: null } },
      ),
    fetchBatch: async ({ coins }) =>
      coins.map(({ symbol }) => {
        const counts = { ...NO_COUNTS, requests: 1, received: 500, added: 500 };
        return { kind: "done", symbol, result: { counts, pages: 1, compared: 0, carried: null, problem: null } };
      }),
    buildBatch: async ({ coins }) =>
      coins.map(({ symbol }) => {
        const [firstOpenTime, lastOpenTime] = ["2015-01-01T00:00:00.000Z", "2016-05-14T00:00:00.000Z"];
        const candles = { rows: 500, missing: 0, firstOpenTime, lastOpenTime, suspectJumps: [] };
        const snapshot = refOf(`data/features/symbol=${symbol}`, symbol);
        return { kind: "done", symbol, result: { snapshot, candles, seconds: 0.05 } };
      }),
    storeList: async ({ items }) => store(items),
    planTraining: async ({ members, scope }) => ({
      groups: groupMembers(isStored(members) ? membersOf(read<SymbolOutcome>(members)) : members, scope).map((group) => ({
        ...group,
        members: listed(group.members),
        digest: refOf("group", group).sha256,
        reused: false,
      })),
    }),
    trainModel: async ({ algorithm }) => ({ algorithm, file: refOf("models", algorithm), predictions: refOf("evaluations", algorithm) }),
    assessGroup: async ({ group: { key } }) => ({
      evaluation: refOf("evaluations", key),
      assessment: refOf("evaluations", [key]),
      reports: refOf("reports", key),
    }),
    publishManifest: async ({ symbols }) => {
      told = isStored(symbols)
        ? read<SymbolOutcome>(symbols).map(({ result: { symbol, error }, snapshot }) => ({ symbol, error, snapshot }))
        : symbols;
      return { manifest: { version: "1", key: "manifests/1.json", published: true }, summary: "Published.", decisions: null };
    },
    scoreForecasts: async () => ({
      manifests: 0,
      files: 0,
      added: 0,
      scored: 0,
      rescored: 0,
      waiting: 0,
      open: 0,
      problems: [],
      more: false,
    }),
  };

  const connection = await NativeConnection.connect({ address });
  const code = await workflowCode(null, []);
  const { simulated } = createSources({ cryptocompareApiKey: null });
  const context = { taskQueue: settings.taskQueue, activities: fakes as Activities, sources: { simulated }, cores: 2 };
  const queues = QUEUE_KINDS.flatMap((kind) => taskQueues(kind, context));
  const workers = await Promise.all(
    queues.map(({ name, hasWorkflows, activities }) =>
      Worker.create({
        connection,
        namespace: settings.temporalNamespace,
        taskQueue: name,
        activities: Object.fromEntries(Object.entries(activities).filter(([, step]) => step)),
        ...(hasWorkflows ? code : {}),
      }),
    ),
  );
  const running = workers.map((worker) => worker.run());
  return {
    published: () => told,
    read,
    async stop() {
      for (const worker of workers) worker.shutdown();
      await Promise.all(running);
      await connection.close();
    },
  };
}

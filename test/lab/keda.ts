import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause } from "../../dev/processes/pause.ts";
import { marketFolder } from "../market-server.ts";
import type { Cluster } from "./cluster.ts";
import { patch, startFleet } from "./fleet.ts";
import { buildImage } from "./image.ts";
import { podsOf } from "./kubernetes.ts";
import { Findings, type LabRow } from "./row.ts";

const COINS = 200;
const MOST_PODS = 3;
/** Coins that were listed by then have some 500 candles; a training takes a second. */
const AS_OF = "2022-09-30T12:00:00Z";
const RUN_MS = 25 * 60_000;
const ZERO_MS = 5 * 60_000;

/** As components/keda has it, but down to no pod at all, and with short waits. */
const QUICK = patch("{ kind: ScaledObject, name: candlecast-worker-cpu }", [
  { op: "replace", path: "/spec/minReplicaCount", value: 0 },
  { op: "replace", path: "/spec/maxReplicaCount", value: MOST_PODS },
  { op: "replace", path: "/spec/pollingInterval", value: 5 },
  { op: "replace", path: "/spec/cooldownPeriod", value: 30 },
  {
    op: "replace",
    path: "/spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown",
    value: { stabilizationWindowSeconds: 15, policies: [{ type: "Pods", value: 1, periodSeconds: 5 }] },
  },
]);
/** Three of them on two cores. */
const SMALL = patch("{ kind: Deployment, name: candlecast-worker-cpu }", [
  {
    op: "replace",
    path: "/spec/template/spec/containers/0/resources",
    value: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "3Gi" } },
  },
]);

/** The trainings of 200 coins wait in a queue that nobody polls: KEDA brings pods by the backlog, at most three, and takes all away. */
export async function keda(cluster: Cluster): Promise<LabRow> {
  const findings = new Findings();
  const { figures } = findings;
  await buildImage();
  const candles = await manyCoins();
  const fleet = await startFleet({ cluster, overlay: "local-keda", candles: candles.folder, now: AS_OF, patches: [QUICK, SMALL] });
  try {
    await fleet.apply("main");
    const count = async () => (await podsOf(fleet, "worker-cpu")).length;
    await waitFor(async () => (await count()) === 0, ZERO_MS, "the pods of an empty queue don't go");

    const began = Date.now();
    await fleet.start("many", { symbols: candles.symbols, asOf: AS_OF, scope: "coin" });
    const ended = fleet.result("many").then((result) => ({ result, at: Date.now() }));
    ended.catch(() => {});
    const backlogAt = await waitFor(async () => (await backlog(fleet.client, "candlecast-cpu")) > 0, RUN_MS, "no training is ever queued");
    const seen: { readonly at: number; readonly pods: number; readonly waiting: number }[] = [];
    let isOver = false;
    void ended.finally(() => {
      isOver = true;
    });
    for (; !isOver && Date.now() - began < RUN_MS; await pause(1_000))
      seen.push({ at: Date.now(), pods: await count(), waiting: await backlog(fleet.client, "candlecast-cpu") });
    const { result, at } = await ended;
    const zeroAt = await waitFor(async () => (await count()) === 0, ZERO_MS, "the pods don't go after the run");
    const first = seen.find(({ pods }) => pods > 0);
    const most = Math.max(...seen.map(({ pods }) => pods));
    figures.coins = candles.symbols.length;
    figures["longest backlog"] = Math.max(...seen.map(({ waiting }) => waiting));
    figures["most pods"] = most;
    figures["backlog to first pod in s"] = first ? ((first.at - backlogAt) / 1000).toFixed(0) : "never";
    figures["end of the run to no pod in s"] = ((zeroAt - at) / 1000).toFixed(0);
    figures["run in s"] = ((at - began) / 1000).toFixed(0);
    findings.must(most === MOST_PODS, `KEDA brought ${most} pods, not ${MOST_PODS}`);
    findings.must(result.manifest?.published === true, `the run published nothing: ${result.summary}`);
  } finally {
    await fleet.remove();
    await rm(candles.folder, { recursive: true, force: true });
  }
  return findings.row("KEDA: cpu workers 0 → 3 → 0 by the backlog");
}

/** Real candles of some 190 coins, and the first ones again under other names until they are 200. */
async function manyCoins(): Promise<{ readonly folder: string; readonly symbols: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "candlecast-coins-"));
  const from = join(marketFolder, "spot/daily-spot");
  const to = join(folder, "daily-spot");
  await mkdir(to);
  const files = (await readdir(from)).sort();
  const symbols: string[] = [];
  for (let i = 0; i < COINS; i++) {
    const file = files[i % files.length];
    const [symbol] = file.split(".");
    const name = i < files.length ? symbol : `${symbol}B`;
    await symlink(join(from, file), join(to, file.replace(symbol, name)));
    symbols.push(name);
  }
  return { folder, symbols };
}

/** Steps that wait in a queue, as KEDA reads them. */
async function backlog({ workflowService, options }: import("@temporalio/client").Client, taskQueue: string): Promise<number> {
  const { stats } = await workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: 2,
    reportStats: true,
  });
  return Number(stats?.approximateBacklogCount ?? 0);
}

/** @returns when it held */
async function waitFor(holds: () => Promise<boolean>, withinMs: number, problem: string): Promise<number> {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(500)) if (await holds()) return Date.now();
  throw new Error(problem);
}

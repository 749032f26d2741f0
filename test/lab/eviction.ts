import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause } from "../../dev/processes/pause.ts";
import { differences, pictureOf } from "../chaos/picture.ts";
import { dayInput } from "../chaos/series.ts";
import type { Cluster } from "./cluster.ts";
import type { Ended } from "./docker.ts";
import { type Fleet, NAMESPACE, patch, startFleet, WORKERS } from "./fleet.ts";
import { buildImage } from "./image.ts";
import { podsOf, seconds } from "./kubernetes.ts";
import { Findings, type LabRow } from "./row.ts";

const DAYS = 10;
const EVICTIONS = 20;
/** An undisturbed run takes some seconds; evictions come at random moments of it. */
const WITHIN_MS = 4_000;
const KINDS = ["worker-workflow", "worker-cpu", "worker-sources"] as const;
const TWO_OF_WORKFLOW = patch("{ kind: Deployment, name: candlecast-worker-workflow }", [
  { op: "replace", path: "/spec/replicas", value: 2 },
]);

/**
 * Twenty pods of workers are evicted at random moments of ten daily runs, as a node that is drained would: the store holds what ten
 * undisturbed runs made. A second pod of a kind is not let go while the first is missing.
 */
export async function eviction(cluster: Cluster): Promise<LabRow> {
  const findings = new Findings();
  const { figures } = findings;
  await buildImage();
  const folder = await mkdtemp(join(tmpdir(), "candlecast-evictions-"));
  const fleet = await startFleet({ cluster, patches: [TWO_OF_WORKFLOW] });
  try {
    await fleet.apply("calm");
    const began = Date.now();
    for (let day = 0; day < DAYS; day++) await runDay(fleet, `calm-${day}`, day);
    figures["ten calm runs in s"] = seconds(began);
    const calm = await pictureOf(fleet.store);
    await fleet.apply("evicted");
    const disturbed = Date.now();
    let evicted = 0;
    let refused = 0;
    for (let day = 0; day < DAYS; day++) {
      const run = runDay(fleet, `evicted-${day}`, day);
      run.catch(() => {});
      for (let i = 0; i < EVICTIONS / DAYS; i++) {
        await pause(Math.random() * WITHIN_MS);
        for (;;) {
          const pods = await podsOf(fleet, KINDS[Math.floor(Math.random() * KINDS.length)]);
          if (pods.length === 0) continue;
          const { ok, errors } = await evict(fleet, pods[0].name, folder);
          if (ok) break;
          if (!errors.includes("disruption budget")) throw new Error(errors);
          refused++;
          await pause(500);
        }
        evicted++;
      }
      await run;
    }
    figures.evictions = evicted;
    figures["evictions that the budget put off"] = refused;
    figures["ten disturbed runs in s"] = seconds(disturbed);
    const different = differences(calm, await pictureOf(fleet.store));
    figures.objects = calm.length;
    figures["different digests"] = different.length;
    findings.must(different.length === 0, `only in one of the stores: ${different.slice(0, 3).join(", ")}`);
    await checkBudget(fleet, folder, findings);
  } finally {
    await fleet.remove();
    await rm(folder, { recursive: true, force: true });
  }
  return findings.row("eviction of a worker's pod at 20 random moments");
}

async function runDay(fleet: Fleet, name: string, day: number): Promise<void> {
  await fleet.start(name, dayInput(day));
  const result = await fleet.result(name);
  const isWhole = result.manifest?.published && result.symbols.every(({ status }) => status === "ok");
  if (!isWhole) throw new Error(`${name} ended otherwise: ${result.summary}`);
}

async function checkBudget(fleet: Fleet, folder: string, findings: Findings): Promise<void> {
  await fleet.rolledOut(WORKERS);
  const pods = await podsOf(fleet, "worker-workflow");
  const first = await evict(fleet, pods[0].name, folder);
  const second = await evict(fleet, pods[1].name, folder);
  findings.must(first.ok, `the first of two pods can't be evicted: ${first.errors}`);
  findings.must(!second.ok && second.errors.includes("disruption budget"), "the second of two pods is evicted at once, too");
}

function evict(fleet: Fleet, name: string, folder: string): Promise<Ended> {
  const path = `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`;
  const file = join(folder, "eviction.json");
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace: NAMESPACE } };
  return writeFile(file, JSON.stringify(body)).then(() => fleet.tryKubectl(["create", "--raw", path, "--filename", file]));
}

import { pause } from "../../dev/processes/pause.ts";
import { dayInput } from "../chaos/series.ts";
import type { Cluster } from "./cluster.ts";
import { type Fleet, NAMESPACE, startFleet, WORKERS } from "./fleet.ts";
import { buildImage } from "./image.ts";
import { Findings, type LabRow } from "./row.ts";

/** A pod that doesn't give up the rights that the namespace refuses: it may run as root, and gain more. */
const UNRESTRICTED = JSON.stringify({ spec: { containers: [{ name: "x", image: "candlecast" }] } });
const API = "candlecast-api";
const RULES_MS = 5_000;

/**
 * The overlay `local`: all pods are admitted by the restricted namespace and get ready, a pipeline publishes, the API answers by
 * Service and node port; what policies don't name is out of reach; workers without Temporal or store say that they are not ready,
 * nothing is restarted for it, and the API serves on.
 */
export async function kubernetes(cluster: Cluster): Promise<LabRow> {
  const findings = new Findings();
  const { figures } = findings;
  await buildImage();
  const fleet = await startFleet({ cluster });
  try {
    const began = Date.now();
    await fleet.apply("main");
    figures["workers ready in s"] = seconds(began);
    const refused = await fleet.tryKubectl(["run", "unrestricted", "--image=candlecast", `--overrides=${UNRESTRICTED}`]);
    findings.must(
      !refused.ok && refused.errors.includes("violates PodSecurity"),
      `the namespace admits a pod that may run as root: ${refused.errors}`,
    );
    findings.must(!(await isReady(fleet, API)), "the API is ready though nothing is published");

    const started = Date.now();
    await fleet.start("first", dayInput(0));
    const result = await fleet.result("first");
    figures["pipeline in s"] = seconds(started);
    findings.must(result.manifest?.published === true, `the pipeline published nothing: ${result.summary}`);
    await fleet.rolledOut([API]);
    figures["published to API ready in s"] = seconds(started);
    await checkAnswers(fleet, findings, "with all there");
    await checkPolicies(fleet, findings);
    await checkProbes(fleet, findings);
    figures.pods = (await podsOf(fleet)).length;
  } finally {
    await fleet.remove();
  }
  return findings.row("Kubernetes, overlay local");
}

async function checkAnswers(fleet: Fleet, findings: Findings, when: string): Promise<void> {
  const clusterIp = await fleet.kubectl(["get", "service", API, "--output", "jsonpath={.spec.clusterIP}"]);
  for (const [way, url] of [
    ["Service", `http://${clusterIp}`],
    ["node port", fleet.apiUrl],
  ]) {
    // A node's rules follow a pod's readiness by a moment.
    let answer: Response | Error = new Error("nothing");
    const isServed = async () => {
      answer = await fetch(`${url}/symbol/ETH`, { signal: AbortSignal.timeout(5_000) }).catch((error: Error) => error);
      return answer instanceof Response && answer.status === 200;
    };
    findings.must(await until(isServed, RULES_MS), `${when} the ${way} answers ${said(answer)}`);
  }
}

/** Each line is a pod, a host and a port, and whether it may be reached. */
async function checkPolicies(fleet: Fleet, findings: Findings): Promise<void> {
  const api = `${API}.${NAMESPACE}.svc.cluster.local`;
  for (const [from, host, port, mayReach] of [
    ["candlecast-api", `object-store.${NAMESPACE}.svc.cluster.local`, 7070, true],
    ["candlecast-api", `temporal.${NAMESPACE}.svc.cluster.local`, 7233, false],
    ["candlecast-worker-cpu", `temporal.${NAMESPACE}.svc.cluster.local`, 7233, true],
    ["candlecast-worker-cpu", api, 80, false],
  ] as const) {
    const script = `require("node:net").connect({ host: "${host}", port: ${port}, timeout: 3000 }).on("connect", () => process.exit(0)).on("timeout", () => process.exit(1)).on("error", () => process.exit(1))`;
    const { ok } = await fleet.tryKubectl(["exec", `deployment/${from}`, "--", "node", "--eval", script]);
    findings.must(ok === mayReach, `${from} ${ok ? "reaches" : "does not reach"} ${host}:${port}`);
  }
}

async function checkProbes(fleet: Fleet, findings: Findings): Promise<void> {
  for (const [what, stop, start] of [
    ["Temporal", fleet.stopTemporal, fleet.startTemporal],
    ["the store", fleet.s3.kill, fleet.s3.restart],
  ] as const) {
    const stopped = Date.now();
    await stop();
    const unready = await until(() => allWorkers(fleet, false));
    findings.must(unready, `without ${what} some worker still says that it is ready`);
    findings.figures[`without ${what} unready in s`] = seconds(stopped);
    findings.must(await isReady(fleet, API), `without ${what} the API is not ready`);
    await checkAnswers(fleet, findings, `without ${what}`);
    const again = Date.now();
    await start();
    findings.must(await until(() => allWorkers(fleet, true)), `with ${what} back some worker stays unready`);
    findings.figures[`with ${what} back ready in s`] = seconds(again);
  }
  const restarts = (await podsOf(fleet)).filter(({ restarts }) => restarts > 0);
  findings.must(restarts.length === 0, `restarted: ${restarts.map(({ name }) => name).join(", ")}`);
}

async function allWorkers(fleet: Fleet, ready: boolean): Promise<boolean> {
  const states = await Promise.all(WORKERS.map((name) => isReady(fleet, name)));
  return states.every((state) => state === ready);
}

/** Whether some pod of a Deployment is ready. */
export async function isReady(fleet: Fleet, name: string): Promise<boolean> {
  return Number(await fleet.kubectl(["get", `deployment/${name}`, "--output", "jsonpath={.status.readyReplicas}"])) > 0;
}

export interface Pod {
  readonly name: string;
  readonly restarts: number;
}

/** Pods that stand for a Deployment, without those that are going. */
export async function podsOf(fleet: Fleet, component?: string): Promise<Pod[]> {
  const selector = `app.kubernetes.io/name=candlecast${component ? `,app.kubernetes.io/component=${component}` : ",app.kubernetes.io/component!=prepare-temporal"}`;
  const { items } = JSON.parse(await fleet.kubectl(["get", "pods", "--selector", selector, "--output", "json"])) as {
    items: readonly {
      metadata: { name: string; deletionTimestamp?: string };
      status: { containerStatuses?: readonly { restartCount: number }[] };
    }[];
  };
  return items
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(({ metadata: { name }, status }) => ({ name, restarts: status.containerStatuses?.[0].restartCount ?? 0 }));
}

export async function until(holds: () => Promise<boolean>, withinMs = 90_000): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(500)) if (await holds()) return true;
  return false;
}

export const seconds = (since: number): string => ((Date.now() - since) / 1000).toFixed(1);

function said(answer: Response | Error): string {
  return answer instanceof Response ? String(answer.status) : answer.message;
}

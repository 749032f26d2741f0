import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection, WorkflowFailedError } from "@temporalio/client";
import { pause } from "../../dev/processes/pause.ts";
import { type DevServer, startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { type PipelineInput, type PipelineResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { startMarket } from "../market-server.ts";
import { type S3Server, startVersitygw } from "../versitygw.ts";
import type { Cluster } from "./cluster.ts";
import { cleanups, type Ended, ROOT, type RunOptions } from "./docker.ts";
import { IMAGE } from "./image.ts";

export const NAMESPACE = "candlecast";
export const WORKERS = ["candlecast-worker-workflow", "candlecast-worker-cpu", "candlecast-worker-sources"] as const;
const TASK_QUEUE = "candlecast";
const ROLLOUT_MS = 180_000;
/** Longest wait for one run, whatever befalls it. */
const RUN_MS = 30 * 60_000;

export interface FleetOptions {
  readonly cluster: Cluster;
  /** Folder of `k8s/overlays`. */
  readonly overlay?: string;
  /** Candles of the market server, instead of its own. */
  readonly candles?: string;
  /** Where the market server's clock stands. */
  readonly now?: string;
  /** JSON patches as kustomize takes them, beside the overlay's own. */
  readonly patches?: readonly string[];
}

/** An overlay of k8s/ in a cluster, with Temporal, an S3 server and a market server beside it on this machine. */
export interface Fleet {
  readonly apiUrl: string;
  readonly client: Client;
  readonly store: ObjectStore;
  readonly s3: S3Server;
  /** In the fleet's namespace. */
  kubectl(args: readonly string[], options?: RunOptions): Promise<string>;
  tryKubectl(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Applies the manifests; worker and API use `folder` of the bucket from now on. Ends when all workers are rolled out. */
  apply(folder: string): Promise<void>;
  /** @throws {Error} where a Deployment isn't rolled out in time */
  rolledOut(names: readonly string[], withinMs?: number): Promise<void>;
  start(workflowId: string, input: PipelineInput): Promise<void>;
  /** Waits for the end of a run, over breaks of the connection. */
  result(workflowId: string): Promise<PipelineResult>;
  /** Temporal goes, and comes back on the same address with its state. */
  stopTemporal(): Promise<void>;
  startTemporal(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts all of it but a run. The image {@link IMAGE} is built before. */
export async function startFleet({ cluster, overlay = "local", candles, now, patches = [] }: FleetOptions): Promise<Fleet> {
  const folder = await mkdtemp(join(tmpdir(), "candlecast-fleet-"));
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const remove = async () => {
    cleanups.delete(remove);
    for (const step of undo.splice(0).reverse()) await step().catch(() => {});
  };
  cleanups.add(remove);
  try {
    return await startParts();
  } catch (error) {
    await remove();
    throw error;
  }

  async function startParts(): Promise<Fleet> {
    const s3 = await startVersitygw();
    undo.push(s3.stop);
    const market = await startMarket({ data: candles, now });
    undo.push(market.stop);
    const { path: binary } = await findTemporal();
    const [port, uiPort] = [await freePort(), await freePort()];
    const start = () => startDevServer({ binary, stateDir: join(folder, "temporal"), port, uiPort, namespace: NAMESPACE });
    let temporal: DevServer | null = await start();
    undo.push(async () => temporal?.stop());
    const ports = { temporal: port, s3: portOf(s3.endpoint), market: portOf(market.url) };
    await cluster.expose(Object.values(ports));
    undo.push(() => cluster.unexpose(Object.values(ports)));
    await cluster.load(IMAGE);
    const kubectl: Fleet["kubectl"] = (args, options) => cluster.kubectl(["--namespace", NAMESPACE, ...args], options);
    const tryKubectl: Fleet["tryKubectl"] = (args, options) => cluster.tryKubectl(["--namespace", NAMESPACE, ...args], options);
    await makeNamespace(cluster, s3);
    undo.push(() => cluster.kubectl(["delete", "namespace", NAMESPACE, "--wait"], { timeoutMs: ROLLOUT_MS }));
    const connection = await Connection.connect({ address: `127.0.0.1:${port}` });
    undo.push(() => connection.close());
    const client = new Client({ connection, namespace: NAMESPACE });
    const rolledOut: Fleet["rolledOut"] = async (names, withinMs = ROLLOUT_MS) => {
      for (const name of names)
        await kubectl(["rollout", "status", `deployment/${name}`, `--timeout=${withinMs / 1000}s`], { timeoutMs: withinMs + 5_000 });
    };
    let current = "";
    const fleet: Fleet = {
      apiUrl: `http://${cluster.hostAddress}:30080`,
      client,
      get store() {
        return openWith(s3, current);
      },
      s3,
      kubectl,
      tryKubectl,
      async apply(name) {
        current = name;
        const kustomization = await placeOverlay({
          folder,
          overlay,
          ports,
          host: cluster.hostAddress,
          bucket: `${s3.bucket}/${name}`,
          patches,
        });
        const before = (await kubectl(["get", "pods", "--selector", "app.kubernetes.io/name=candlecast", "--output", "name"])).split("\n");
        await kubectl(["delete", "job", "candlecast-prepare-temporal", "--ignore-not-found", "--wait"]);
        await kubectl(["apply", "--kustomize", kustomization]);
        await kubectl(["wait", "--for=condition=Complete", "job/candlecast-prepare-temporal", "--timeout=120s"], { timeoutMs: 125_000 });
        await rolledOut(WORKERS);
        // Pods of before still work, on the folder of before, until they are gone.
        for (const pod of before.filter((each) => each.includes("worker")))
          await kubectl(["wait", "--for=delete", pod, "--timeout=90s"], { timeoutMs: 95_000 });
      },
      rolledOut,
      async start(workflowId, input) {
        await client.workflow.start(WORKFLOW_TYPES.pipeline, { taskQueue: TASK_QUEUE, workflowId, args: [input] });
      },
      result: (workflowId) => resultOf(client, workflowId),
      async stopTemporal() {
        await temporal?.stop({ graceMs: 0 });
        temporal = null;
      },
      async startTemporal() {
        temporal = await start();
      },
      remove,
    };
    return fleet;
  }
}

async function makeNamespace(cluster: Cluster, { accessKey, secretKey }: S3Server): Promise<void> {
  await cluster.kubectl(["delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait"], { timeoutMs: ROLLOUT_MS });
  await cluster.kubectl(["apply", "--filename", join(ROOT, "k8s/base/namespace.yaml")]);
  const keys = [`--from-literal=AWS_ACCESS_KEY_ID=${accessKey}`, `--from-literal=AWS_SECRET_ACCESS_KEY=${secretKey}`];
  await cluster.kubectl(["--namespace", NAMESPACE, "create", "secret", "generic", "candlecast-store", ...keys]);
}

interface Placed {
  readonly folder: string;
  readonly overlay: string;
  readonly ports: Readonly<Record<"temporal" | "s3" | "market", number>>;
  readonly host: string;
  readonly bucket: string;
  readonly patches: readonly string[];
}

/** A copy of k8s/ with this machine's address and ports, and with a way to the market server. @returns the kustomization's folder */
async function placeOverlay({ folder, overlay, ports, host, bucket, patches }: Placed): Promise<string> {
  const copy = join(folder, "k8s");
  await rm(copy, { recursive: true, force: true });
  await cp(join(ROOT, "k8s"), copy, { recursive: true });
  const local = join(copy, "overlays/local");
  await edit(join(local, "place.env"), (text) => text.replace(/^HOST_ADDRESS=.*$/m, `HOST_ADDRESS=${host}`));
  const url = `http://${host}:${ports.market}`;
  await edit(
    join(local, "settings.env"),
    (text) =>
      `${text.replace(/^STORE_URL=.*$/m, `STORE_URL=s3://${bucket}`).trimEnd()}\nCANDLE_SOURCE=binance\nBINANCE_URL=${url}\nKRAKEN_URL=${url}\nCRYPTOCOMPARE_URL=${url}\n`,
  );
  const lab = join(copy, "overlays/lab");
  await cp(join(ROOT, "test/lab/market-policy.yaml"), join(lab, "market-policy.yaml"));
  await edit(join(lab, "market-policy.yaml"), (text) => text.replace("192.0.2.1", host).replace("port: 8080", `port: ${ports.market}`));
  const [name, tag] = IMAGE.split(":");
  const all = [
    ...portPatches("temporal", "allow-temporal", ports.temporal),
    ...portPatches("object-store", "allow-store", ports.s3),
    ...patches,
  ];
  await writeFile(
    join(lab, "kustomization.yaml"),
    `resources:
  - ../${overlay}
  - market-policy.yaml
images:
  - { name: candlecast, newName: ${name}, newTag: ${tag} }
patches:
${all.join("")}`,
  );
  return lab;
}

/** Sends a Service without pods to another port of this machine. */
function portPatches(service: string, policy: string, port: number): string[] {
  return [
    patch(`{ kind: EndpointSlice, name: ${service} }`, [{ op: "replace", path: "/ports/0/port", value: port }]),
    patch(`{ kind: NetworkPolicy, name: ${policy} }`, [{ op: "replace", path: "/spec/egress/0/ports/0/port", value: port }]),
  ];
}

/** An entry of a kustomization's `patches`. */
export function patch(
  target: string,
  operations: readonly { readonly op: string; readonly path: string; readonly value?: unknown }[],
): string {
  return `  - target: ${target}\n    patch: '${JSON.stringify(operations)}'\n`;
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, "utf8")));
}

async function resultOf({ workflow }: Client, workflowId: string): Promise<PipelineResult> {
  for (const end = Date.now() + RUN_MS; Date.now() < end; await pause(200)) {
    try {
      return (await workflow.getHandle(workflowId).result()) as PipelineResult;
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw new Error(`${workflowId} failed: ${chainOf(error)}`, { cause: error });
    }
  }
  throw new Error(`${workflowId} has not ended within ${RUN_MS / 1000} s`);
}

/** The messages of an error and its causes. */
function chainOf(error: Error): string {
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${chainOf(cause)}` : error.message;
}

/** Credentials come by the usual chain, from this process's environment. */
function openWith({ accessKey, secretKey, endpoint, bucket }: S3Server, folder: string): ObjectStore {
  process.env.AWS_ACCESS_KEY_ID = accessKey;
  process.env.AWS_SECRET_ACCESS_KEY = secretKey;
  process.env.AWS_REGION = "us-east-1";
  return openStore(`s3://${bucket}/${folder}`, { s3Endpoint: endpoint });
}

const portOf = (url: string): number => Number(new URL(url).port);

/** A name that no run had before. */
export const runName = (name: string): string => `${name}-${randomBytes(3).toString("hex")}`;

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { attempt, cleanups, type Ended, labFolder, lastLines, type RunOptions } from "./docker.ts";

/** A Kubernetes of one node, with metrics-server, KEDA and enforced NetworkPolicies. */
export interface Cluster {
  /** Kubernetes' version, for the table's head. */
  readonly version: string;
  /** At which pods reach this machine, and node ports answer. */
  readonly hostAddress: string;
  /** @throws {Error} with what it wrote, where it ends badly */
  kubectl(args: readonly string[], options?: RunOptions): Promise<string>;
  tryKubectl(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Brings an image from Docker into the node's store. */
  load(image: string): Promise<void>;
  /** Lets pods reach ports of this machine's loopback, at `hostAddress`. */
  expose(ports: readonly number[]): Promise<void>;
  unexpose(ports: readonly number[]): Promise<void>;
  /** Ends a cluster that was started for this program. */
  release(): Promise<void>;
}

const HOST_ADDRESS = "10.213.0.1";
const START_MS = 60 * 60_000;

/**
 * The lab's cluster, which is started where it isn't up; or the one that `KUBECONFIG` names, if `LAB_HOST_ADDRESS` says where its
 * pods reach this machine and `LAB_LOAD` is a command that takes an image into its node's store (`kind load docker-image`). What runs
 * on this machine has to be reachable there by other means: `expose` does nothing then.
 *
 * @returns the reason, as a sentence, where there is none
 */
export async function findCluster(): Promise<Cluster | string> {
  const { KUBECONFIG, LAB_HOST_ADDRESS, LAB_LOAD } = process.env;
  if (KUBECONFIG && LAB_HOST_ADDRESS && LAB_LOAD) {
    return createCluster({
      env: {},
      hostAddress: LAB_HOST_ADDRESS,
      load: (image) => must(attempt("bash", ["-c", `${LAB_LOAD} "$1"`, "load", image], { timeoutMs: 600_000 })),
      expose: async () => {},
      unexpose: async () => {},
      release: async () => {},
    });
  }
  const script = resolve(labFolder, "k8s.sh");
  if (!existsSync(script)) return `no KUBECONFIG with LAB_HOST_ADDRESS and LAB_LOAD, and there is no lab at ${labFolder}`;
  const lab = (name: string, ...args: string[]) => must(attempt("bash", [resolve(labFolder, name), ...args], { timeoutMs: START_MS }));
  const print = await attempt("bash", [script, "env"], { timeoutMs: START_MS });
  const env = Object.fromEntries([...print.text.matchAll(/(KUBECONFIG|PATH)=(\S+)/g)].map(([, name, value]) => [name, value]));
  const path = `${env.PATH?.replace(/:\$PATH$/, "")}:${process.env.PATH}`;
  const wasUp = (await attempt("kubectl", ["get", "--raw", "/readyz"], { env: { ...env, PATH: path } })).ok;
  const down = async () => {
    await lab("netpol.sh", "down");
    await lab("k8s.sh", "down");
  };
  if (!wasUp) cleanups.add(down);
  try {
    await lab("k8s.sh", "up");
    await lab("addons.sh", "metrics", "keda");
    await lab("netpol.sh", "up");
  } catch (error) {
    return `the lab's cluster could not be started: ${(error as Error).message}`;
  }
  return createCluster({
    env: { ...env, PATH: path },
    hostAddress: HOST_ADDRESS,
    load: (image) => lab("k8s.sh", "load", image),
    expose: (ports) => lab("k8s.sh", "expose", ...ports.map(String)),
    unexpose: (ports) => lab("k8s.sh", "unexpose", ...ports.map(String)),
    release: async () => {
      if (!wasUp) await down();
      cleanups.delete(down);
    },
  });
}

async function createCluster({
  env,
  ...place
}: { env: NodeJS.ProcessEnv } & Omit<Cluster, "version" | "kubectl" | "tryKubectl">): Promise<Cluster> {
  const tryKubectl = (args: readonly string[], options: RunOptions = {}) =>
    attempt("kubectl", args, { ...options, env: { ...env, ...options.env } });
  const kubectl = async (args: readonly string[], options: RunOptions = {}) => {
    const { ok, text, errors } = await tryKubectl(args, options);
    if (!ok) throw new Error(`kubectl ${args.slice(0, 8).join(" ")} failed: ${lastLines(errors || text)}`);
    return text.trim();
  };
  const { serverVersion } = JSON.parse(await kubectl(["version", "--output", "json"])) as { serverVersion: { gitVersion: string } };
  return { version: `Kubernetes ${serverVersion.gitVersion}`, kubectl, tryKubectl, ...place };
}

async function must(ended: Promise<Ended>): Promise<void> {
  const { ok, text, errors } = await ended;
  if (!ok) throw new Error(lastLines(errors || text));
}

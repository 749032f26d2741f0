import { pause } from "../../dev/processes/pause.ts";
import { dayInput } from "../chaos/series.ts";
import type { Cluster } from "./cluster.ts";
import { docker } from "./docker.ts";
import { type Fleet, startFleet, WORKERS } from "./fleet.ts";
import { buildImage, IMAGE } from "./image.ts";
import { seconds, until } from "./kubernetes.ts";
import { Findings, type LabRow } from "./row.ts";

const NEXT = `${IMAGE}-next`;
const API = "candlecast-api";
const CONTAINERS = { [API]: "api", ...Object.fromEntries(WORKERS.map((name) => [name, "worker"])) };
const PER_SECOND = 50;

/**
 * A new image and back again while a run is under way and clients ask 50 times a second: no request fails, the runs end, and their
 * histories replay in the image that is there then.
 */
export async function rollout(cluster: Cluster): Promise<LabRow> {
  const findings = new Findings();
  const { figures } = findings;
  await buildImage();
  await docker(["build", "--tag", NEXT, "--label", "org.opencontainers.image.version=next", "."], { timeoutMs: 15 * 60_000 });
  const fleet = await startFleet({ cluster });
  try {
    await cluster.load(NEXT);
    await fleet.apply("main");
    await fleet.start("before", dayInput(0));
    await fleet.result("before");
    await fleet.rolledOut([API]);
    const url = `${fleet.apiUrl}/symbol/ETH`;
    // A node's rules follow a pod's readiness by a moment.
    const isServed = async () => (await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => null))?.status === 200;
    findings.must(await until(isServed, 10_000), "the API is not reached before the roll-out");
    const load = startLoad(url);
    for (const [step, name, change] of [
      ["new image", "forth", () => setImage(fleet, NEXT)],
      ["rolled back", "back", () => rollBack(fleet)],
    ] as const) {
      const began = Date.now();
      await fleet.start(name, dayInput(step === "new image" ? 1 : 2));
      await pause(1_000);
      await change();
      await fleet.rolledOut(Object.keys(CONTAINERS));
      figures[`${step} in s`] = seconds(began);
      const result = await fleet.result(name);
      findings.must(result.manifest?.published === true, `the run during "${step}" published nothing: ${result.summary}`);
      for (const run of ["before", name]) await checkReplay(fleet, run, findings);
      const image = await fleet.kubectl(["get", `deployment/${API}`, "--output", "jsonpath={.spec.template.spec.containers[0].image}"]);
      findings.must(image === (step === "new image" ? NEXT : IMAGE), `${step}: the API runs ${image}`);
    }
    const { asked, failed } = await load.end();
    figures.requests = asked;
    figures["failed requests"] = failed.length;
    findings.must(failed.length === 0, `of ${asked} requests ${failed.length} failed: ${failed.slice(0, 3).join(", ")}`);
    findings.must(asked > PER_SECOND * 10, `only ${asked} requests were made`);
  } finally {
    await fleet.remove();
    await docker(["image", "rm", NEXT]).catch(() => {});
  }
  return findings.row("roll-out and roll-back under load");
}

async function setImage(fleet: Fleet, image: string): Promise<void> {
  for (const [name, container] of Object.entries(CONTAINERS))
    await fleet.kubectl(["set", "image", `deployment/${name}`, `${container}=${image}`]);
}

async function rollBack(fleet: Fleet): Promise<void> {
  for (const name of Object.keys(CONTAINERS)) await fleet.kubectl(["rollout", "undo", `deployment/${name}`]);
}

async function checkReplay(fleet: Fleet, run: string, findings: Findings): Promise<void> {
  const { ok, text, errors } = await fleet.tryKubectl(["exec", "deployment/candlecast-worker-workflow", "--", "candlecast", "replay", run]);
  findings.must(ok, `${run} does not replay: ${errors || text}`);
}

interface Load {
  end(): Promise<{ readonly asked: number; readonly failed: readonly string[] }>;
}

/** Asks at a fixed rate, each time by a connection of its own, whether or not the former answers have come. */
function startLoad(url: string): Load {
  const failed: string[] = [];
  const open = new Set<Promise<void>>();
  const began = Date.now();
  let asked = 0;
  const ask = async () => {
    const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(10_000) });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
  };
  const timer = setInterval(() => {
    asked++;
    const at = seconds(began);
    const asking = ask().catch((error: Error) => {
      failed.push(`after ${at} s ${error.message}${error.cause ? ` (${(error.cause as Error).message})` : ""}`);
    });
    open.add(asking);
    void asking.finally(() => open.delete(asking));
  }, 1_000 / PER_SECOND);
  return {
    async end() {
      clearInterval(timer);
      await Promise.all(open);
      return { asked, failed };
    },
  };
}

import type { Cluster } from "./cluster.ts";
import { patch, startFleet } from "./fleet.ts";
import { buildImage } from "./image.ts";
import { seconds } from "./kubernetes.ts";
import { Findings, type LabRow } from "./row.ts";

const SYMBOLS = ["BTC", "ETH", "ADA", "LTC", "XRP", "DOGE"];
const AS_OF = "2020-12-31T12:00:00Z";
const SIZES = [1, 2, 4];
/** Of one core for each pod, so that four pods have the two cores of a small machine. */
const HALF = patch("{ kind: Deployment, name: candlecast-worker-cpu }", [
  {
    op: "replace",
    path: "/spec/template/spec/containers/0/resources",
    value: { requests: { cpu: "50m", memory: "256Mi" }, limits: { cpu: "500m", memory: "3Gi" } },
  },
]);

/** The same job by one, two and four cpu workers, each of which may use half a core. */
export async function growth(cluster: Cluster): Promise<LabRow> {
  const findings = new Findings();
  const { figures } = findings;
  await buildImage();
  const fleet = await startFleet({ cluster, patches: [HALF] });
  const walls: number[] = [];
  try {
    for (const size of SIZES) {
      await fleet.apply(`size-${size}`);
      await fleet.kubectl(["scale", "deployment/candlecast-worker-cpu", `--replicas=${size}`]);
      await fleet.rolledOut(["candlecast-worker-cpu"]);
      const began = Date.now();
      await fleet.start(`size-${size}`, { symbols: SYMBOLS, asOf: AS_OF, scope: "coin" });
      const result = await fleet.result(`size-${size}`);
      walls.push(Date.now() - began);
      figures[`${size} ${size === 1 ? "pod" : "pods"} in s`] = seconds(began);
      findings.must(result.manifest?.published === true, `with ${size} pods nothing was published: ${result.summary}`);
    }
    const [one, two, four] = walls;
    figures["two against one"] = `${(one / two).toFixed(2)}×`;
    figures["four against one"] = `${(one / four).toFixed(2)}×`;
    findings.must(two < one, "two pods are no faster than one");
  } finally {
    await fleet.remove();
  }
  return findings.row("growth: 1, 2 and 4 cpu workers of half a core");
}

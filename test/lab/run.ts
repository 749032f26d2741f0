// `npm run lab [-- ROW …]`: builds the image, and runs the whole system in Docker and in Kubernetes. Rows for which something is missing
// on this machine are skipped, with the reason.
import { marketAvailable, marketFolder } from "../market-server.ts";
import { checkImage } from "./check-image.ts";
import { checkCloud } from "./cloud.ts";
import { type Cluster, findCluster } from "./cluster.ts";
import { composeFaults } from "./compose-faults.ts";
import { composeUp } from "./compose-up.ts";
import { cleanups, type Docker, findDocker } from "./docker.ts";
import { eviction } from "./eviction.ts";
import { growth } from "./growth.ts";
import { keda } from "./keda.ts";
import { kubernetes } from "./kubernetes.ts";
import { rollout } from "./rollout.ts";
import { type LabRow, printRow, verdictOf } from "./row.ts";

interface Row {
  /** Whether it needs real candles. */
  readonly market: boolean;
  readonly run?: () => Promise<LabRow>;
  /** Instead of `run`: needs a cluster. */
  readonly runIn?: (cluster: Cluster) => Promise<LabRow>;
}

/** By the name that is typed after `npm run lab --`. */
const ROWS: Readonly<Record<string, Row>> = {
  image: { run: checkImage, market: false },
  "compose-up": { run: composeUp, market: true },
  "compose-faults": { run: composeFaults, market: true },
  kubernetes: { runIn: kubernetes, market: true },
  rollout: { runIn: rollout, market: true },
  keda: { runIn: keda, market: true },
  eviction: { runIn: eviction, market: true },
  growth: { runIn: growth, market: true },
  terraform: { run: checkCloud, market: true },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !(name in ROWS));
if (unknown !== undefined) {
  process.stderr.write(`${unknown} is none of ${Object.keys(ROWS).join(", ")}\n`);
  process.exit(2);
}

const found = await findDocker();
let cluster = null as Cluster | string | null;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    // What a row is waiting for ends with an error now.
    process.on("unhandledRejection", () => {});
    void Promise.allSettled([...cleanups].map((cleanup) => cleanup())).finally(() => process.exit(130));
  });
const rows: LabRow[] = [];
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(ROWS)) {
    const began = Date.now();
    process.stderr.write(`${name} …\n`);
    const row = await tryRow(name, found);
    rows.push(row);
    process.stderr.write(`${printRow(row)}\n${row.problems.map((problem) => `  ${problem}\n`).join("")}`);
    process.stderr.write(`${name}: ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
  }
} finally {
  if (cluster !== null && typeof cluster !== "string") await cluster.release();
  if (typeof found !== "string") await found.release();
}
const verdicts = rows.map(verdictOf);
const count = (verdict: string) => verdicts.filter((each) => each === verdict).length;
const versions = [found, cluster].flatMap((place) => (place === null || typeof place === "string" ? [] : [place.version]));
process.stdout.write(`${[...versions, `Node ${process.version}`].join(", ")}\n`);
process.stdout.write(`| row | found | what must hold |\n|---|---|---|\n${rows.map(printRow).join("\n")}\n`);
process.stdout.write(`${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped\n`);
process.exit(count("failed") > 0 ? 1 : 0);

async function tryRow(name: string, docker: Docker | string): Promise<LabRow> {
  const { run, runIn, market } = ROWS[name];
  const skip = (reason: string): LabRow => ({ name, figures: {}, problems: [], skipped: reason });
  if (typeof docker === "string") return skip(docker);
  if (market && !marketAvailable) return skip(`no real candles at ${marketFolder} (CANDLECAST_MARKET names another folder)`);
  if (runIn) cluster ??= await findCluster();
  if (runIn && typeof cluster === "string") return skip(cluster);
  const running = runIn ? runIn(cluster as Cluster) : run?.();
  return (running as Promise<LabRow>).catch((error: Error) => ({ name, figures: {}, problems: [error.message], skipped: null }));
}

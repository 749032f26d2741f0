import { differences, pictureOf } from "../chaos/picture.ts";
import { dayInput } from "../chaos/series.ts";
import { buildImage, readyMs } from "./image.ts";
import { Findings, type LabRow } from "./row.ts";
import { type ComposeSystem, composeSystem } from "./system.ts";

const MOST_UP_S = 120;
const STORE = "store";
const WORKFLOW_ID = "lab-day-0";

/**
 * From nothing to a published pipeline that the API serves and the Web UI shows; and all of it is still there after everything was
 * taken down and up again.
 */
export async function composeUp(): Promise<LabRow> {
  const findings = new Findings();
  const { figures } = findings;
  await buildImage();
  const system = await composeSystem();
  try {
    const firstS = await system.up({ store: STORE });
    figures["up from nothing in s"] = firstS.toFixed(0);
    findings.must(firstS <= MOST_UP_S, `it took ${firstS.toFixed(0)} s to be up`);
    for (const program of ["worker", "api"]) figures[`${program} ready in ms`] = await readyMs(await system.container(program));

    const began = Date.now();
    const result = await system.run(WORKFLOW_ID, dayInput(0));
    figures["pipeline in s"] = ((Date.now() - began) / 1000).toFixed(0);
    const version = result.manifest?.version ?? "none";
    findings.must(result.manifest?.published === true, `the pipeline published nothing: ${result.summary}`);
    const replayed = await system.tryCompose(["exec", "--no-TTY", "worker", "candlecast", "replay", WORKFLOW_ID]);
    findings.must(replayed.ok, `the image can't replay the run: ${replayed.errors}`);
    const pictured = await pictureOf(system.store(STORE));
    figures.objects = pictured.length;
    await checkServed(system, findings, version, "after the first start");

    await system.down();
    figures["up again in s"] = (await system.up()).toFixed(0);
    await checkServed(system, findings, version, "after down and up");
    const lost = differences(pictured, await pictureOf(system.store(STORE)));
    findings.must(lost.length === 0, `objects that down and up changed: ${lost.slice(0, 3).join(", ")}`);

    figures["three workers up in s"] = (await system.up({ workers: 3 })).toFixed(0);
    const workers = (await system.container("worker")).split("\n").length;
    findings.must(workers === 3, `--scale worker=3 made ${workers} workers`);
  } finally {
    await system.remove();
  }
  return findings.row("compose up from nothing");
}

/** The API serves that manifest, and the Web UI knows the run that made it. */
async function checkServed({ apiUrl, uiUrl }: ComposeSystem, findings: Findings, version: string, when: string): Promise<void> {
  const served = await until(async () => {
    const { manifest } = (await getJson(`${apiUrl}/health`)) as { manifest: { version: string } | null };
    return manifest?.version === version ? manifest : null;
  });
  findings.must(served !== null, `${when} the API does not serve ${version}`);
  const answer = await fetch(`${apiUrl}/symbol/ETH`).catch((error: Error) => error.message);
  findings.must(
    answer instanceof Response && answer.status === 200,
    `${when} /symbol/ETH answers ${answer instanceof Response ? answer.status : answer}`,
  );
  const page = await fetch(uiUrl).catch((error: Error) => error.message);
  findings.must(page instanceof Response && page.ok, `${when} the Web UI answers ${page instanceof Response ? page.status : page}`);
  const shown = await until(async () => {
    const { executions = [] } = (await getJson(`${uiUrl}/api/v1/namespaces/default/workflows`)) as {
      executions?: readonly { execution: { workflowId: string }; status: string }[];
    };
    return executions.find(({ execution }) => execution.workflowId === WORKFLOW_ID) ?? null;
  });
  findings.must(
    shown?.status === "WORKFLOW_EXECUTION_STATUS_COMPLETED",
    `${when} the Web UI shows the run as ${shown?.status ?? "missing"}`,
  );
}

async function getJson(url: string): Promise<unknown> {
  return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).json();
}

/** Looks again for a while: the API looks for a new manifest every few seconds, and the visibility store lags behind. */
async function until<T>(look: () => Promise<T | null>, withinMs = 20_000): Promise<T | null> {
  for (const end = Date.now() + withinMs; ; await new Promise((done) => setTimeout(done, 500))) {
    const found = await look().catch(() => null);
    if (found !== null || Date.now() > end) return found;
  }
}

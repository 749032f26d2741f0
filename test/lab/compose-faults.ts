import { pause } from "../../dev/processes/pause.ts";
import { checkStore, differences, pictureOf } from "../chaos/picture.ts";
import { dayInput } from "../chaos/series.ts";
import { docker } from "./docker.ts";
import { buildImage } from "./image.ts";
import { Findings, type LabRow } from "./row.ts";
import { type ComposeSystem, composeSystem, kill } from "./system.ts";

const VICTIMS = ["worker", "temporal", "postgres", "s3"] as const;
/** Events of a history that is well under way: candles and features are there, models are being trained. */
const MIDDLE_EVENTS = 30;
/** How long a victim is away. */
const AWAY_MS = 2_000;

/**
 * Kills the container of each service in the middle of a run, and starts it again. Each run has a store of its own; it must come to the
 * digests of a run that nothing disturbed.
 */
export async function composeFaults(): Promise<LabRow> {
  const findings = new Findings();
  await buildImage();
  const system = await composeSystem();
  try {
    await system.up({ store: "calm" });
    const calm = await system.run("calm", dayInput(0));
    findings.must(calm.manifest?.published === true, `the undisturbed run published nothing: ${calm.summary}`);
    const undisturbed = await pictureOf(system.store("calm"));
    findings.figures["objects of a run"] = undisturbed.length;
    for (const victim of VICTIMS) {
      await disturb(system, victim, undisturbed, findings).catch((error: Error) => findings.must(false, `${victim}: ${error.message}`));
    }
    await checkRestart(system, findings);
  } finally {
    await system.remove();
  }
  return findings.row("compose faults: kill -9 of a container in the middle of a run");
}

async function disturb(system: ComposeSystem, victim: string, undisturbed: readonly string[], findings: Findings): Promise<void> {
  await system.up({ store: victim });
  const began = Date.now();
  let isOver = false;
  const run = system.run(victim, dayInput(0)).finally(() => {
    isOver = true;
  });
  run.catch(() => {});
  await middleOf(system, victim);
  findings.must(!isOver, `${victim}: the run was over before the kill`);
  const container = await system.container(victim);
  await kill(container);
  await pause(AWAY_MS);
  await docker(["start", container]);
  const result = await run;
  findings.figures[`${victim}: run in s`] = ((Date.now() - began) / 1000).toFixed(0);
  findings.must(result.manifest?.published === true, `${victim}: the run published nothing: ${result.summary}`);
  const store = system.store(victim);
  const different = differences(undisturbed, await pictureOf(store));
  findings.figures[`${victim}: different digests`] = different.length;
  findings.must(different.length === 0, `${victim}: only in one of the stores: ${different.slice(0, 3).join(", ")}`);
  const { problems } = await checkStore(store);
  findings.must(problems.length === 0, `${victim}: ${problems.slice(0, 3).join(", ")}`);
}

async function middleOf(system: ComposeSystem, workflowId: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(50)) {
    const { workflow } = await system.client();
    const seen = await workflow
      .getHandle(workflowId)
      .describe()
      .catch(() => null);
    if (seen && (seen.historyLength >= MIDDLE_EVENTS || seen.status.name !== "RUNNING")) return;
  }
  throw new Error("the run did not get to its middle within 60 s");
}

/** A program that ends by itself is started again: the worker's process is killed inside of its container. */
async function checkRestart(system: ComposeSystem, findings: Findings): Promise<void> {
  const container = await system.container("worker");
  await docker(["exec", container, "sh", "-c", "kill -9 $(pidof node)"]);
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(500)) {
    const state = await docker(["inspect", "--format", "{{.RestartCount}} {{.State.Health.Status}}", container]);
    if (state === "1 healthy") return;
  }
  findings.must(false, "a worker whose process was killed was not well again within 30 s");
}

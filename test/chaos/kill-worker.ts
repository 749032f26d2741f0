import { createRandom } from "../../core/random.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import { pause } from "../../dev/processes/pause.ts";
import type { PipelineResult } from "../../workflows/contract.ts";
import { count, type Row } from "./row.ts";
import { addUp, judgeSeries, runDay } from "./series.ts";
import type { World } from "./world.ts";

const STEPS = ["planRun", "planBatch", "fetchBatch", "buildBatch", "planTraining", "assessGroup", "publishManifest", "scoreForecasts"];
const POINTS = ["taken", "done", "answered"];

/**
 * For each run the boundaries at which its workers are killed: of every step once before, once after it, and once when its
 * answer was reported. A training step has five tries, so that only one of them is killed in each run.
 */
export function planBoundaries(): string[][] {
  return Array.from({ length: ALGORITHMS.length * POINTS.length }, (_, i) => {
    const training = `trainModel/${ALGORITHMS[i % ALGORITHMS.length]}:${POINTS[Math.floor(i / ALGORITHMS.length)]}`;
    const steps = i < POINTS.length ? STEPS.map((step, at) => `${step}:${POINTS[(i + at) % POINTS.length]}`) : [];
    return [...steps.slice(0, -3), training, ...steps.slice(-3)];
  });
}

/** Kills a worker at each of the boundaries, one run per list. Runs have universes of their own, a few at the same time. */
export async function killAtBoundaries(
  world: World,
  { boundaries, lanes }: { boundaries: readonly string[][]; lanes: number },
): Promise<Row> {
  const injected: Record<string, number> = {};
  const parts: Awaited<ReturnType<typeof judgeSeries>>[] = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < boundaries.length; i = next++) {
      const universe = world.universe(`boundary-${i}`, { store: i % 2 ? "file" : "s3" });
      let ended: PipelineResult | null = null;
      const run = runDay(universe, 0).then((result) => {
        ended = result;
        return result;
      });
      run.catch(() => {});
      for (const boundary of boundaries[i]) {
        const worker = universe.startWorker({ CHAOS_KILL_AT: boundary });
        // The answer to the last step ends the run, a moment before its worker is killed.
        const over = run.then(() => pause(1_000)).then(() => "the run was over");
        const how = await Promise.race([worker.exited, over]);
        if (how === "SIGKILL") count(injected, `at ${boundary.slice(boundary.indexOf(":") + 1)}`);
        else parts.push({ survived: {}, problems: [`${universe.name}: ${boundary} was not reached (${how})`] });
        await worker.kill("SIGKILL");
      }
      const last = ended ? null : universe.startWorker();
      parts.push(await judgeSeries(world, universe, { days: 1 }, [await run]));
      await last?.kill("SIGTERM");
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { name: "kill -9 of the worker at each activity boundary", injected, ...addUp(parts) };
}

/** Most kills of one run: a step that is hit has five tries. */
const KILLS_PER_RUN = 4;

/**
 * Kills workers at random moments, their start included, while runs follow one another in a few universes. Those that are done
 * first go on undisturbed, until all have had as many runs.
 */
export async function killAtRandom(world: World, { kills, lanes, seed }: { kills: number; lanes: number; seed: number }): Promise<Row> {
  const injected: Record<string, number> = {};
  const all = Array.from({ length: lanes }, (_, i) => {
    const universe = world.universe(`random-${i}`, { store: i % 2 ? "file" : "s3" });
    return { universe, random: createRandom(seed).fork(`lane ${i}`), results: [] as PipelineResult[], worker: universe.startWorker() };
  });
  let left = kills;
  const disturb = async (lane: (typeof all)[number]) => {
    while (left > 0) {
      let isOver = false;
      const run = runDay(lane.universe, lane.results.length).finally(() => {
        isOver = true;
      });
      run.catch(() => {});
      for (let killed = 0; killed < KILLS_PER_RUN; killed++) {
        await Promise.race([pause(lane.random.next() * 6_000), run]);
        if (isOver || left <= 0) break;
        left--;
        await lane.worker.kill("SIGKILL");
        count(injected, "kills");
        lane.worker = lane.universe.startWorker();
      }
      lane.results.push(await run);
    }
  };
  await Promise.all(all.map(disturb));
  const days = Math.max(...all.map(({ results }) => results.length));
  const parts = await Promise.all(
    all.map(async ({ universe, results, worker }) => {
      while (results.length < days) results.push(await runDay(universe, results.length));
      await worker.kill("SIGTERM");
      return judgeSeries(world, universe, { days }, results);
    }),
  );
  return { name: "kill -9 of the worker at random moments", injected, ...addUp(parts) };
}

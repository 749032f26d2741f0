import { createRandom } from "../../core/random.ts";
import { pause } from "../../dev/processes/pause.ts";
import type { PipelineResult } from "../../workflows/contract.ts";
import { count, type Row } from "./row.ts";
import { addUp, judgeSeries, runDay } from "./series.ts";
import type { World } from "./world.ts";

const VICTIMS = ["Temporal", "S3", "both"] as const;

/**
 * Kills Temporal's server, the S3 server and both in turn, at random moments of runs that follow one another, and starts them
 * again on the same ports and data.
 */
export async function killServers(world: World, { rounds, seed }: { rounds: number; seed: number }): Promise<Row> {
  const injected: Record<string, number> = {};
  const random = createRandom(seed);
  const universe = world.universe("servers");
  const worker = universe.startWorker();
  await worker.ready;
  const results: PipelineResult[] = [];
  const due = Array.from({ length: rounds }, () => VICTIMS).flat();
  while (due.length > 0) {
    let isOver = false;
    const run = runDay(universe, results.length).finally(() => {
      isOver = true;
    });
    run.catch(() => {});
    while (due.length > 0) {
      await Promise.race([pause(300 + random.next() * 2_500), run]);
      if (isOver) break;
      const victim = due.shift() as (typeof VICTIMS)[number];
      const servers = [...(victim === "S3" ? [] : [world.temporal]), ...(victim === "Temporal" ? [] : [world.s3])];
      await Promise.all(servers.map((server) => server.kill()));
      await pause(random.next() * 2_000);
      await Promise.all(servers.map((server) => server.restart()));
      count(injected, victim);
    }
    results.push(await run);
  }
  const problems = worker.hasExited() ? [`the worker ended (${await worker.exited})`] : [];
  const judged = await judgeSeries(world, universe, { days: results.length }, results);
  await worker.kill("SIGTERM");
  return { name: "kill -9 of Temporal's server, the S3 server, both", injected, ...addUp([judged, { survived: {}, problems }]) };
}

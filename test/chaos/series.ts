import type { BackfillInput, PipelineResult } from "../../workflows/contract.ts";
import { checkStore, differences, pictureOf } from "./picture.ts";
import type { Universe, World } from "./world.ts";

/** One real coin and the simulated one, with few enough candles for a training to take a second. */
export const SYMBOLS: readonly string[] = ["ETH", "HET"];
const FIRST = Date.parse("2017-03-10T12:00:00Z");
const DAY = 86_400_000;

/** Clock of the n-th run of a series, each a day later than the one before. */
export const asOfDay = (n: number, first = FIRST): string => new Date(first + n * DAY).toISOString();

export interface Series {
  readonly days: number;
  readonly symbols?: readonly string[];
  /** ms UTC of the first run's clock */
  readonly first?: number;
  /** Comes before the runs. */
  readonly backfill?: BackfillInput;
  /** Symbols among them have too few candles, and are refused in every run. */
  readonly mayFail?: boolean;
}

export const dayInput = (day: number, { symbols = SYMBOLS, first }: Omit<Series, "days"> = {}) => ({ symbols, asOf: asOfDay(day, first) });

export async function runDay(universe: Universe, day: number, options: Omit<Series, "days"> = {}): Promise<PipelineResult> {
  return universe.run(`day-${day}`, dayInput(day, options));
}

/** The picture of a store after an undisturbed series; each of its days is run once in a world. */
export function calmPicture(world: World, { days, ...series }: Series): Promise<string[]> {
  const made = calm.get(world) ?? new Map<string, Calm>();
  calm.set(world, made);
  const key = JSON.stringify(series);
  const found: Calm = made.get(key) ?? { universe: world.universe(`calm-${made.size}`), pictures: [] };
  made.set(key, found);
  for (let day = found.pictures.length; day < days; day++) {
    const before = found.pictures.at(-1) ?? Promise.resolve();
    found.pictures.push(before.then(() => runCalm(found.universe, day, series)));
  }
  return found.pictures[days - 1];
}

interface Calm {
  readonly universe: Universe;
  /** After each day. */
  readonly pictures: Promise<string[]>[];
}

const calm = new WeakMap<World, Map<string, Calm>>();

async function runCalm(universe: Universe, day: number, series: Omit<Series, "days">): Promise<string[]> {
  const worker = universe.startWorker();
  try {
    await worker.ready;
    if (series.backfill && day === 0) await universe.backfill("backfill", series.backfill);
    const result = await runDay(universe, day, series);
    const isWhole = result.manifest?.published && result.symbols.every(({ status }) => status === "ok");
    if (!isWhole && !series.mayFail) throw new Error(`the undisturbed run as of ${result.asOf} ended otherwise: ${result.summary}`);
    return await pictureOf(universe.store);
  } finally {
    await worker.kill("SIGKILL");
  }
}

/** What must hold of a disturbed series: every run has ended and published once, and the store is what it would be undisturbed. */
export async function judgeSeries(
  world: World,
  universe: Universe,
  series: Series,
  results: readonly PipelineResult[],
): Promise<{ survived: Record<string, number>; problems: string[] }> {
  const undisturbed = await calmPicture(world, series);
  const found = await pictureOf(universe.store);
  const { objects, manifests, problems } = await checkStore(universe.store);
  const different = differences(undisturbed, found);
  const isWhole = ({ manifest, symbols }: PipelineResult) =>
    manifest?.published && (series.mayFail || symbols.every(({ status }) => status === "ok"));
  const lost = results.filter((result) => !isWhole(result));
  return {
    survived: {
      "runs ended": results.length,
      "runs published": new Set(results.map(({ manifest }) => manifest?.version)).size,
      manifests,
      objects,
      "equal digests": found.length - different.length,
      "different digests": different.length,
    },
    problems: [
      ...problems.map((problem) => `${universe.name}: ${problem}`),
      ...(results.length < series.days ? [`${universe.name}: ${series.days - results.length} runs did not end`] : []),
      ...lost.map(({ asOf, summary }) => `${universe.name}: the run as of ${asOf} ended otherwise: ${summary}`),
      ...different.slice(0, 6).map((line) => `${universe.name}: only in one of the stores: ${line}`),
    ],
  };
}

/** Figures of several universes, added up. */
export function addUp(parts: readonly { survived: Record<string, number>; problems: string[] }[]) {
  const survived: Record<string, number> = {};
  for (const part of parts) for (const [what, n] of Object.entries(part.survived)) survived[what] = (survived[what] ?? 0) + n;
  return { survived, problems: parts.flatMap(({ problems }) => problems) };
}

import { requestUniverse, type UniverseRequest } from "../../core/universe/resolve-universe.ts";
import { splitSelectors } from "../../core/universe/selector.ts";
import { rankingSource } from "../../sources/source-order.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import { sourceChoice } from "./source-choice.ts";

export interface PlanUniverseInput {
  /** Symbols and selectors; default: those of the worker's settings. */
  readonly symbols?: readonly string[];
  /** Name of a source, or `auto`; default: that of the worker's settings. */
  readonly source?: string;
}

/**
 * What is known of a run's symbols before any source is asked.
 *
 * @throws {InvalidInputError} if the source is unknown
 */
export async function planUniverse({ store, settings, sources }: ActivityDependencies, input: PlanUniverseInput): Promise<UniverseRequest> {
  const selectors = input.symbols ?? settings.symbols;
  const isNamed = splitSelectors(selectors).top === null;
  const entries = isNamed ? {} : ((await readLatest(store))?.manifest.symbols ?? {});
  return requestUniverse(selectors, Object.values(entries), rankingSource(sources, sourceChoice(settings, input.source)));
}

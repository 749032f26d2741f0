import { continueAsNew, isCancellation, setCurrentDetails, workflowInfo } from "@temporalio/workflow";
import type { FetchState } from "../core/candles/fetch-state.ts";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import type { IngestCounts } from "../core/vocabulary/ingest-counts.ts";
import { addCounts, NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import type { TimeRange } from "../core/vocabulary/time-range.ts";
import { rootFailure } from "./failures.ts";
import { fetchesAhead, type IngestedPages, ingestRange } from "./ingest-range.ts";
import { afterFailure, uncompared } from "./next-source.ts";
import { describeBeginning, describeRun, describeStage } from "./search-attributes.ts";
import { storeSteps } from "./steps.ts";
import { failedOutcome, noCandles, outcomeLines, readyOutcome, type SymbolOutcome } from "./symbol-outcome.ts";
import { type ParentRun, SYMBOL_UPDATE_SIGNAL, type SymbolUpdate, tellEvery, tellRun } from "./symbol-update.ts";

export interface IngestSymbolInput extends SymbolSources {
  readonly interval: Interval;
  /** ISO 8601 */
  readonly asOf: string;
  readonly parent: ParentRun | null;
  /** What sources before the given ones said. */
  readonly passed?: readonly string[];
  /** Carried over a continue-as-new. */
  readonly resume?: {
    readonly source: string;
    readonly range: TimeRange;
    readonly carried?: FetchState;
    readonly known: boolean;
    readonly counts: IngestCounts;
    readonly startedAt: string;
    /** Source of the newest candle that was stored before; not there in runs of before. */
    readonly storedSource?: string | null;
    /** Candles that were compared with stored ones; not there in runs of before. */
    readonly compared?: number;
  };
}

/** Pages of one run before it continues as new: some 200 events, or 3,000 in runs of before. */
const PAGES_PER_RUN = 200;

/**
 * Brings one symbol's candles up to date, from the first of its sources that answers, and computes its features.
 * A failure is a result, with the sources' reasons as a sentence, so that the other symbols go on.
 *
 * History: bounded by {@link PAGES_PER_RUN} pages, then it continues as new.
 */
export async function ingestSymbol(input: IngestSymbolInput): Promise<SymbolOutcome> {
  const { symbol, interval, asOf } = input;
  const { taskQueue, startTime } = workflowInfo();
  const startedAt = input.resume?.startedAt ?? startTime.toISOString();
  const trigger = input.parent ? "pipeline" : "manual";
  const isAhead = fetchesAhead();
  if (isAhead) describeBeginning([symbol], trigger, "ingest");
  else describeRun([symbol], trigger);
  const store = storeSteps();
  const reasons: string[] = [...(input.passed ?? [])];
  let counts = input.resume?.counts ?? NO_COUNTS;
  let sources = input.sources;
  if (input.resume) sources = sources.slice(sources.indexOf(input.resume.source));
  let source: string | null = null;
  const mayTell = tellEvery(startTime.getTime(), input.parent?.tellEveryMs);

  if (!isAhead) describeStage("ingest");
  for (const candidate of sources) {
    let storedSource: string | null = input.resume?.source === candidate ? (input.resume.storedSource ?? null) : null;
    try {
      let rest: TimeRange | null = null;
      let compareFirst: TimeRange | null = null;
      if (input.resume?.source === candidate) rest = input.resume.range;
      else {
        const plan = await store.planIngest.executeWithOptions({ summary: `${symbol}: find missing candles` }, [
          { symbol, interval, asOf, source: candidate },
        ]);
        rest = plan && { from: plan.from, to: plan.to };
        storedSource = plan?.storedSource ?? null;
        compareFirst = plan?.compareFirst ?? null;
      }
      const known: boolean = input.resume?.source === candidate ? input.resume.known : rest !== null && rest.from > 0;
      let pages = 0;
      let compared = input.resume?.source === candidate ? (input.resume.compared ?? 0) : 0;
      const onPages = async (done: IngestedPages) => {
        pages += done.pages;
        counts = addCounts(counts, done.counts);
        compared += done.compared;
        if (isAhead ? mayTell() : pages <= 10 || pages % 10 === 0)
          await updateParent(input, { symbol, stage: "ingest", rows: counts.added, requests: counts.requests, source: candidate });
      };
      const asked = { symbol, interval, asOf, source: candidate, taskQueue, maxPages: 10 };
      if (compareFirst) await ingestRange({ ...asked, range: compareFirst, known: true }, onPages);
      let carried = input.resume?.source === candidate ? input.resume.carried : undefined;
      while (rest) {
        const done = await ingestRange({ ...asked, range: rest, known, carried }, onPages);
        carried = done.carried;
        rest = done.rest;
        if (rest && pages >= PAGES_PER_RUN) {
          const resume = { source: candidate, range: rest, carried, known, counts, startedAt, storedSource, compared };
          await continueAsNew<typeof ingestSymbol>({ ...input, passed: reasons, resume });
        }
      }
      source = candidate;
      reasons.push(...uncompared({ source, storedSource, sources }, compared));
      break;
    } catch (error) {
      if (isCancellation(error) || (error instanceof Error && error.name === "ContinueAsNew")) throw error;
      const after = afterFailure(rootFailure(error), { source: candidate, storedSource, sources });
      reasons.push(...after.reasons);
      if (!after.asksNext) break;
    }
  }
  const ingestedAt = Date.now();
  const seconds = { ingest: (ingestedAt - Date.parse(startedAt)) / 1000, features: 0 };
  const fetched = { source, counts, seconds };
  if (source === null) return failed(failedOutcome(symbol, fetched, noCandles(symbol, reasons)));

  if (!isAhead || mayTell()) {
    describeStage("features");
    await updateParent(input, { symbol, stage: "features", rows: counts.added, requests: counts.requests, source });
  }
  const withFeatures = () => ({ ...fetched, seconds: { ...seconds, features: (Date.now() - ingestedAt) / 1000 } });
  try {
    const built = await store.buildFeatures.executeWithOptions({ summary: `${symbol}: compute features` }, [
      { symbol, interval, asOf, source },
    ]);
    const outcome = readyOutcome(symbol, withFeatures(), built);
    describeStage("done");
    setCurrentDetails(outcomeLines(outcome.result, reasons).join("\n"));
    return outcome;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return failed(failedOutcome(symbol, withFeatures(), rootFailure(error).message));
  }
}

function failed(outcome: SymbolOutcome): SymbolOutcome {
  describeStage("failed");
  setCurrentDetails(`**${outcome.result.error}**`);
  return outcome;
}

async function updateParent({ parent }: IngestSymbolInput, update: SymbolUpdate): Promise<void> {
  if (parent) await tellRun(parent.workflowId, SYMBOL_UPDATE_SIGNAL, update);
}

import { continueAsNew, getExternalWorkflowHandle, isCancellation, setCurrentDetails, workflowInfo } from "@temporalio/workflow";
import type { FetchState } from "../core/candles/fetch-state.ts";
import { jumpText } from "../core/candles/suspect-jump-text.ts";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import type { IngestCounts } from "../core/vocabulary/ingest-counts.ts";
import { addCounts, NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import type { ObjectRef } from "../core/vocabulary/object-ref.ts";
import { isSimulated } from "../core/vocabulary/symbol.ts";
import type { TimeRange } from "../core/vocabulary/time-range.ts";
import type { SymbolResult } from "./contract.ts";
import { rootFailure } from "./failures.ts";
import { fetchesAhead, type IngestedPages, ingestRange } from "./ingest-range.ts";
import { describeBeginning, describeRun, describeStage } from "./search-attributes.ts";
import { storeSteps } from "./steps.ts";

/** Signal from a symbol's child to the run that started it. */
export const SYMBOL_UPDATE_SIGNAL = "symbolUpdate";

export interface IngestSymbolInput extends SymbolSources {
  readonly interval: Interval;
  /** ISO 8601 */
  readonly asOf: string;
  readonly parent: { readonly workflowId: string } | null;
  /** Carried over a continue-as-new. */
  readonly resume?: {
    readonly source: string;
    readonly range: TimeRange;
    readonly carried?: FetchState;
    readonly known: boolean;
    readonly counts: IngestCounts;
    readonly startedAt: string;
  };
}

/** What the steps after ingestion need to know of a symbol. */
export interface SymbolOutcome {
  readonly result: SymbolResult;
  /** The stored description of candles and features; null where the symbol failed. */
  readonly snapshot: ObjectRef | null;
}

/** What a {@link SYMBOL_UPDATE_SIGNAL} carries. */
export interface SymbolUpdate {
  readonly symbol: string;
  readonly stage: "ingest" | "features";
  readonly rows: number;
  readonly requests: number;
  readonly source: string | null;
}

/** The run that started this one is told no oftener how far it is: a signal is two events here, two there, and a task for each. */
const TELL_MS = 2_000;

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
  const reasons: string[] = [];
  let counts = input.resume?.counts ?? NO_COUNTS;
  let sources = input.sources;
  if (input.resume) sources = sources.slice(sources.indexOf(input.resume.source));
  let source: string | null = null;
  let toldMs = startTime.getTime();
  const mayTell = () => {
    const isTime = Date.now() - toldMs >= TELL_MS;
    if (isTime) toldMs = Date.now();
    return isTime;
  };

  if (!isAhead) describeStage("ingest");
  for (const candidate of sources) {
    let storedSource: string | null = null;
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
      let compared = 0;
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
          const resume = { source: candidate, range: rest, carried, known, counts, startedAt };
          await continueAsNew<typeof ingestSymbol>({ ...input, resume });
        }
      }
      source = candidate;
      if (storedSource !== null && storedSource !== candidate && compared === 0)
        reasons.push(`nothing of ${candidate} could be compared with the stored candles of ${storedSource}: none has the same time`);
      break;
    } catch (error) {
      if (isCancellation(error) || (error instanceof Error && error.name === "ContinueAsNew")) throw error;
      const failure = rootFailure(error);
      reasons.push(failure.message);
      // A source that fails for a while keeps its series: another one's coin of that name may be another coin.
      if (storedSource === candidate && failure.type !== "UnknownSymbol" && sources.at(-1) !== candidate) {
        reasons.push(`its candles stay those of ${candidate}, until that answers or another is chosen by CANDLE_SOURCE`);
        break;
      }
    }
  }
  const ingestedAt = Date.now();
  const seconds = { ingest: (ingestedAt - Date.parse(startedAt)) / 1000, features: 0 };
  const base: SymbolResult = {
    symbol,
    status: "failed",
    error: null,
    source,
    simulated: isSimulated(symbol),
    rows: 0,
    missing: 0,
    firstOpenTime: null,
    lastOpenTime: null,
    counts,
    seconds,
  };
  if (source === null) return failed(base, `${symbol}: no candles could be fetched: ${reasons.join("; ")}`);

  if (!isAhead || mayTell()) {
    describeStage("features");
    await updateParent(input, { symbol, stage: "features", rows: counts.added, requests: counts.requests, source });
  }
  try {
    const built = await store.buildFeatures.executeWithOptions({ summary: `${symbol}: compute features` }, [
      { symbol, interval, asOf, source },
    ]);
    describeStage("done");
    setCurrentDetails(details({ ...base, ...built.candles }, reasons));
    return {
      snapshot: built.snapshot,
      result: { ...base, ...built.candles, status: "ok", seconds: { ...seconds, features: (Date.now() - ingestedAt) / 1000 } },
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return failed({ ...base, seconds: { ...seconds, features: (Date.now() - ingestedAt) / 1000 } }, rootFailure(error).message);
  }
}

/** The run's page: what was stored, and why other rows were not. */
function details(
  { symbol, source, rows, missing, firstOpenTime, lastOpenTime, suspectJumps, counts }: SymbolResult,
  passed: readonly string[],
): string {
  const dirt = Object.entries({ ...counts.dropped, ...counts.rejected }).map(([reason, n]) => `- ${n} rows not stored: ${reason}`);
  return [
    `**${symbol}: ${rows} candles from ${firstOpenTime?.slice(0, 16)} to ${lastOpenTime?.slice(0, 16)}, from ${source}**`,
    "",
    `${counts.added} added, ${counts.revised} revised, ${missing} missing in between; ${counts.requests} requests, ${counts.received} rows received.`,
    "",
    ...passed.map((reason) => `- ${reason}`),
    ...(suspectJumps ?? []).map((jump) => `- suspect_jump ${jumpText(jump)}`),
    ...dirt,
  ].join("\n");
}

function failed(result: SymbolResult, error: string): SymbolOutcome {
  describeStage("failed");
  setCurrentDetails(`**${error}**`);
  return { snapshot: null, result: { ...result, status: "failed", error } };
}

async function updateParent(input: IngestSymbolInput, update: SymbolUpdate): Promise<void> {
  if (!input.parent) return;
  try {
    await getExternalWorkflowHandle(input.parent.workflowId).signal(SYMBOL_UPDATE_SIGNAL, update);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}

import { isCancellation, setCurrentDetails, workflowInfo } from "@temporalio/workflow";
import type { FetchOutcome } from "../activities/ingest/fetch-candles.ts";
import type { CoinOutcome } from "../activities/ingest/in-batch.ts";
import type { IngestPlan } from "../activities/ingest/plan-ingest.ts";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import { type IngestCounts, NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import type { ObjectRef } from "../core/vocabulary/object-ref.ts";
import { batchPage } from "./batch-page.ts";
import { bounded } from "./bounded.ts";
import { ingestAlone } from "./ingest-alone.ts";
import type { IngestSymbolInput } from "./ingest-symbol.ts";
import { afterFailure, uncompared } from "./next-source.ts";
import { describeBeginning, describeEnd } from "./search-attributes.ts";
import { sourceSteps, storeSteps } from "./steps.ts";
import {
  briefOf,
  failedOutcome,
  NOTHING_FETCHED,
  noCandles,
  readyOutcome,
  type SymbolBrief,
  type SymbolOutcome,
} from "./symbol-outcome.ts";
import { type ParentRun, SYMBOL_UPDATES_SIGNAL, type SymbolUpdate, tellEvery, tellRun } from "./symbol-update.ts";

export interface IngestBatchInput {
  readonly coins: readonly SymbolSources[];
  readonly interval: Interval;
  /** ISO 8601 */
  readonly asOf: string;
  /** Coins that are fetched at the same time. */
  readonly atOnce: number;
  readonly parent: ParentRun | null;
  /** The run has so many coins that their outcomes are stored, and come back in brief. */
  readonly keeps?: boolean;
}

/** The coins' outcomes in their order: themselves, or stored. */
export type BatchOutcome =
  | { readonly outcomes: readonly SymbolOutcome[] }
  | { readonly kept: ObjectRef; readonly coins: readonly SymbolBrief[] };

/** A coin that a source is to be asked about. */
interface Candidate extends SymbolSources {
  /** The source's place among the coin's. */
  readonly at: number;
  /** What was said of it so far. */
  readonly reasons: readonly string[];
}

/** What became of a coin at a source. */
type Answer =
  | { readonly kind: "fetched"; readonly coin: Candidate; readonly source: string; readonly counts: IngestCounts }
  | { readonly kind: "refused"; readonly coin: Candidate; readonly asksNext: boolean }
  /** It goes on in a child of its own. */
  | { readonly kind: "alone"; readonly coin: Candidate; readonly resume?: IngestSymbolInput["resume"] };

type FetchedCoin = Extract<Answer, { kind: "fetched" }>;

/**
 * Brings the candles of some coins up to date and computes their features, a step for all of them. A coin with much to fetch, or one that
 * a step could not settle, goes on in an {@link ingestSymbol} of its own. A failure is a result, so that the other coins go on.
 *
 * History: three steps for each source, and a child for each coin at most: some 500 events of 25 coins.
 */
export async function ingestBatch(input: IngestBatchInput): Promise<BatchOutcome> {
  const { coins, interval, asOf, parent } = input;
  const { workflowId, startTime } = workflowInfo();
  describeBeginning(
    coins.map(({ symbol }) => symbol),
    parent ? "pipeline" : "manual",
    "ingest",
  );
  const mayTell = tellEvery(startTime.getTime(), parent?.tellEveryMs);
  const tell = async (updates: readonly SymbolUpdate[]) => {
    if (parent && updates.length > 0 && mayTell()) await tellRun(parent.workflowId, SYMBOL_UPDATES_SIGNAL, updates);
  };

  const fetched: FetchedCoin[] = [];
  const alone: Extract<Answer, { kind: "alone" }>[] = [];
  const outcomes = new Map<string, SymbolOutcome>();
  const secondsSince = (fromMs: number) => (Date.now() - fromMs) / 1_000;
  let open: Candidate[] = coins.map((coin) => ({ ...coin, at: 0, reasons: [] }));
  while (open.length > 0) {
    const bySource = [...Map.groupBy(open, ({ sources, at }) => sources[at])];
    const answers = (await Promise.all(bySource.map(([source, some]) => askSource(input, source, some)))).flat();
    open = [];
    for (const answer of answers) {
      const { coin } = answer;
      if (answer.kind === "fetched") fetched.push(answer);
      else if (answer.kind === "alone") alone.push(answer);
      else if (answer.asksNext) open.push({ ...coin, at: coin.at + 1 });
      else outcomes.set(coin.symbol, failedOutcome(coin.symbol, NOTHING_FETCHED, noCandles(coin.symbol, coin.reasons)));
    }
  }
  const ingest = secondsSince(startTime.getTime());
  await tell(fetched.map(({ coin, source, counts }) => ({ ...updateOf(coin.symbol, counts), stage: "features", source })));

  const goOnAlone = ({ coin, resume }: Omit<(typeof alone)[number], "kind">) => {
    const { symbol, sources, at, reasons } = coin;
    return ingestAlone(parent ?? { workflowId }, {
      symbol,
      sources: sources.slice(at),
      interval,
      asOf,
      passed: reasons,
      ...(resume && { resume }),
    });
  };
  const buildAll = async () => {
    const bySymbol = new Map(fetched.map((of) => [of.coin.symbol, of]));
    const built = await untilSettled(
      fetched.map(({ coin, source }) => ({ symbol: coin.symbol, source })),
      (some) => storeSteps().buildBatch.executeWithOptions({ summary: `features of ${namesOf(some)}` }, [{ coins: some, interval, asOf }]),
    );
    for (const of of built) {
      const { coin, source, counts } = bySymbol.get(of.symbol) as FetchedCoin;
      const facts = { source, counts, seconds: { ingest, features: of.kind === "done" ? of.result.seconds : 0 } };
      if (of.kind === "done") outcomes.set(of.symbol, readyOutcome(of.symbol, facts, of.result));
      else if (of.kind === "failed") outcomes.set(of.symbol, failedOutcome(of.symbol, facts, of.failure.message));
      else outcomes.set(of.symbol, await goOnAlone({ coin }));
    }
  };
  const fetchAlone = bounded(alone, input.atOnce, async (one) => {
    outcomes.set(one.coin.symbol, await goOnAlone(one));
  });
  await Promise.all([buildAll(), fetchAlone]);

  const ended = coins.flatMap(({ symbol }) => outcomes.get(symbol) ?? []);
  const said = new Map([...fetched, ...alone].map(({ coin }) => [coin.symbol, coin.reasons]));
  setCurrentDetails(batchPage(ended, said));
  const failed = ended.filter(({ snapshot }) => snapshot === null).map(({ result }) => result.symbol);
  describeEnd(failed, ended.length);
  return input.keeps ? keepOutcomes(ended) : { outcomes: ended };
}

/** Outcomes as a run of many coins gets them. */
export async function keepOutcomes(outcomes: readonly SymbolOutcome[]): Promise<BatchOutcome> {
  const summary = `outcomes of ${namesOf(outcomes.map(({ result }) => result))}`;
  return { kept: await storeSteps().storeList.executeWithOptions({ summary }, [{ items: outcomes }]), coins: outcomes.map(briefOf) };
}

/** Plans and fetches what a source has of some coins, as far as steps for all of them can. */
async function askSource({ interval, asOf, atOnce }: IngestBatchInput, source: string, coins: readonly Candidate[]): Promise<Answer[]> {
  const { taskQueue } = workflowInfo();
  const bySymbol = new Map(coins.map((coin) => [coin.symbol, coin]));
  const coinOf = (symbol: string) => bySymbol.get(symbol) as Candidate;
  const what = { interval, asOf, source };
  const refused = (symbol: string, failure: Parameters<typeof afterFailure>[0], storedSource: string | null): Answer => {
    const coin = coinOf(symbol);
    const { reasons, asksNext } = afterFailure(failure, { source, storedSource, sources: coin.sources });
    return { kind: "refused", coin: { ...coin, reasons: [...coin.reasons, ...reasons] }, asksNext };
  };

  const startedAt = new Date(Date.now()).toISOString();
  const answers: Answer[] = [];
  const plans = new Map<string, IngestPlan>();
  for (const planned of await untilSettled(coins, (some) =>
    storeSteps().planBatch.executeWithOptions({ summary: `find missing candles of ${namesOf(some)}` }, [
      { ...what, symbols: some.map(({ symbol }) => symbol) },
    ]),
  )) {
    const { symbol, kind } = planned;
    if (kind === "failed") answers.push(refused(symbol, planned.failure, null));
    else if (kind === "left" || planned.result?.compareFirst) answers.push({ kind: "alone", coin: coinOf(symbol) });
    else if (planned.result === null) answers.push({ kind: "fetched", coin: coinOf(symbol), source, counts: NO_COUNTS });
    else plans.set(symbol, planned.result);
  }

  const ranges = [...plans].map(([symbol, { from, to }]) => ({ symbol, range: { from, to }, known: from > 0 }));
  const steps = sourceSteps(taskQueue, source);
  for (const outcome of await untilSettled(ranges, (some) =>
    steps.fetchBatch.executeWithOptions({ summary: `${namesOf(some)} ${interval} from ${source}` }, [{ ...what, atOnce, coins: some }]),
  )) {
    const { symbol } = outcome;
    const { from, to, storedSource } = plans.get(symbol) as IngestPlan;
    const coin = coinOf(symbol);
    if (outcome.kind === "failed") answers.push(refused(symbol, outcome.failure, storedSource));
    else if (outcome.kind === "left") answers.push({ kind: "alone", coin });
    else {
      const { counts, compared, carried } = outcome.result satisfies FetchOutcome;
      const said = { ...coin, reasons: [...coin.reasons, ...uncompared({ source, storedSource, sources: coin.sources }, compared)] };
      if (carried === null) answers.push({ kind: "fetched", coin: said, source, counts });
      else {
        const resume = { source, range: { from, to }, carried, known: from > 0, counts, startedAt, storedSource, compared };
        answers.push({ kind: "alone", coin, resume });
      }
    }
  }
  return answers;
}

/** Runs a step again for the coins that it left over, as often as there are coins at most: it settles at least one each time. */
async function untilSettled<C extends { readonly symbol: string }, R>(
  coins: readonly C[],
  step: (some: readonly C[]) => Promise<readonly CoinOutcome<R>[]>,
): Promise<CoinOutcome<R>[]> {
  const settled: CoinOutcome<R>[] = [];
  let left = coins;
  try {
    for (let steps = 0; left.length > 0 && steps < coins.length; steps++) {
      const outcomes = await step(left);
      settled.push(...outcomes.filter(({ kind }) => kind !== "left"));
      const again = new Set(outcomes.flatMap(({ kind, symbol }) => (kind === "left" ? [symbol] : [])));
      left = left.filter(({ symbol }) => again.has(symbol));
    }
  } catch (error) {
    // A step for many that fails as a whole, such as by workers that died of it, says nothing of each of them.
    if (isCancellation(error)) throw error;
  }
  return [...settled, ...left.map(({ symbol }) => ({ kind: "left", symbol }) as const)];
}

function updateOf(symbol: string, { added, requests }: IngestCounts) {
  return { symbol, rows: added, requests };
}

function namesOf(coins: readonly { readonly symbol: string }[]): string {
  if (coins.length <= 3) return coins.map(({ symbol }) => symbol).join(", ");
  return `${coins[0].symbol} to ${coins[coins.length - 1].symbol}, ${coins.length} coins`;
}

import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { concatSeries, emptySeries } from "../../core/candles/series-verbs.ts";
import { forecastsBySymbol, type WalkForwardForecasts } from "../../core/evaluation/walk-forward-forecasts.ts";
import { type HistoryRow, historyRows } from "../../core/scoring/history-rows.ts";
import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import { type LiveSkill, liveSkill } from "../../core/scoring/live-skill.ts";
import { leadingModel } from "../../core/serving/champion.ts";
import { intervalMs } from "../../core/vocabulary/interval.ts";
import { TASKS } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { eachPartition } from "../../storage/candle-files/candle-store.ts";
import { evaluationParts } from "../../storage/evaluation-files/evaluation-files.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { readForecastHistory, readOpenForecasts, readUnfinishedForecasts } from "../../storage/prediction-files/forecast-history.ts";
import type { LoadedSymbol } from "./served.ts";

/** Which forecasts a history shows: what was served, those of all models, or of one. */
export type ModelChoice = "served" | "all" | string;

export interface HistoryQuery {
  /** only candles that opened before, ms UTC; null: up to the newest forecast's */
  readonly before: number | null;
  /** candles */
  readonly limit: number;
  readonly model: ModelChoice;
}

export interface CoinHistory {
  /** oldest first */
  readonly rows: readonly HistoryRow[];
  /** `before` of the page with older candles, ms UTC; null: there are none */
  readonly next: number | null;
}

export interface HistoryReader {
  /** @throws {CorruptObjectError | SchemaMismatchError | StoreUnavailableError} if files can't be read */
  read(loaded: LoadedSymbol, query: HistoryQuery): Promise<CoinHistory>;
  /** How the coin's published forecasts came out. */
  skill(loaded: LoadedSymbol): Promise<readonly LiveSkill[]>;
}

/** So many scored candles are behind a coin's live skill. */
const MOST_SCORED = 1_000;
/** So many evaluations are kept: the newest manifest's, and former ones of stale coins. */
const EVALUATIONS = 4;

/** Open forecasts of all coins are in the same files, which are read again only after this time. */
const OPEN_KEPT_MS = 10_000;

/** Reads what candles, evaluations and kept forecasts tell of a coin. An evaluation is decoded once for all its coins. */
export function createHistoryReader(reader: ObjectReader): HistoryReader {
  const evaluations = new Map<string, Promise<ReadonlyMap<string, readonly WalkForwardForecasts[]>>>();
  const evaluated = (ref: ObjectRef) => {
    const known = evaluations.get(ref.sha256);
    if (known) return known;
    const read = (async () => forecastsBySymbol(evaluationParts(await getVerified(reader, ref))))();
    read.catch(() => evaluations.delete(ref.sha256));
    evaluations.set(ref.sha256, read);
    for (const oldest of evaluations.keys()) {
      if (evaluations.size <= EVALUATIONS) break;
      evaluations.delete(oldest);
    }
    return read;
  };

  let open: { readonly rows: Promise<readonly KeptForecast[]>; readonly until: number } | null = null;
  const unfinished = () => {
    if (open && performance.now() < open.until) return open.rows;
    const rows = readUnfinishedForecasts(reader);
    open = { rows, until: performance.now() + OPEN_KEPT_MS };
    rows.catch(() => {
      open = null;
    });
    return rows;
  };

  return {
    async read(loaded, { before, limit, model }) {
      const { entry, row, horizon } = loaded;
      const { symbol } = entry;
      const step = intervalMs(row.interval);
      const end = before ?? row.openTime + (horizon + 1) * step;
      const range = { from: end - limit * step, to: end - 1 };
      const isChosen = chooser(loaded, model);
      const candles = await readCandles(reader, loaded, { from: range.from - horizon * step, to: range.to });
      const { outcomes } = await readForecastHistory(reader, { symbol, interval: row.interval, before: end, limit });
      const open = await readOpenForecasts(reader, { symbol, interval: row.interval }, unfinished());
      const walkForward = (await evaluated(entry.evaluation)).get(symbol) ?? [];
      const rows = historyRows({
        range,
        candles,
        horizon,
        outcomes: outcomes.filter(isChosen.published),
        open: open.filter(isChosen.published),
        walkForward: walkForward.flatMap((forecasts) => {
          const described = entry.models.find(({ name, scope }) => name === forecasts.model && scope === forecasts.scope);
          return described && isChosen.judged(forecasts) ? [{ ...forecasts, task: described.task }] : [];
        }),
      });
      return { rows, next: range.from > Date.parse(entry.candles.firstOpenTime) ? range.from : null };
    },
    async skill({ entry, row }) {
      const { outcomes } = await readForecastHistory(reader, { symbol: entry.symbol, interval: row.interval, limit: MOST_SCORED });
      return liveSkill(outcomes);
    },
  };
}

async function readCandles(reader: ObjectReader, { entry, row }: LoadedSymbol, range: TimeRange): Promise<CandleSeries> {
  const identity = { symbol: entry.symbol, interval: row.interval };
  const parts: CandleSeries[] = [];
  for await (const part of eachPartition(reader, entry.symbol, row.interval, range)) parts.push(part);
  return parts.length === 0 ? emptySeries(identity) : concatSeries(identity, parts);
}

function chooser({ entry }: LoadedSymbol, model: ModelChoice) {
  if (model === "all") return { published: () => true, judged: () => true };
  if (model !== "served")
    return { published: (of: { model: string }) => of.model === model, judged: (of: { model: string }) => of.model === model };
  const tasks = TASKS.filter((task) => entry.models.some((described) => described.task === task));
  const leading = tasks.map((task) => leadingModel(entry.models, task));
  return {
    published: ({ served }: { readonly served: boolean }) => served,
    judged: (of: WalkForwardForecasts) => leading.some(({ name, scope }) => name === of.model && scope === of.scope),
  };
}

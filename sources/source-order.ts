import { topCount } from "../core/universe/selector.ts";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import { InvalidInputError } from "../core/vocabulary/errors.ts";
import { isSimulated } from "../core/vocabulary/symbol.ts";
import type { CandleSource } from "./candle-source.ts";
import { DATA_API_PUBLISHER } from "./cryptocompare/data-api.ts";

type Sources = Readonly<Record<string, CandleSource>>;

export interface SourceChoice {
  /** Name of a source, or `auto`. */
  readonly source: string;
  /** Whether there is a key for CryptoCompare. */
  readonly hasKey: boolean;
}

/** The sources to try for a symbol, in order. A simulated coin always comes from `simulated`. */
export function sourceOrder({ symbol, ...choice }: SourceChoice & { readonly symbol: string }): string[] {
  return isSimulated(symbol) ? ["simulated"] : realSources(choice);
}

/**
 * Who ranks the largest coins: the first chosen source that can, else binance, so that a source without a ranking can give
 * the candles of coins that another one ranks.
 *
 * @throws {InvalidInputError} if the chosen source is unknown
 */
export function rankingSource(sources: Sources, choice: SourceChoice): string {
  checkChoice(sources, choice);
  return realSources(choice).find((name) => sources[name].rankCoins) ?? "binance";
}

/** @throws {InvalidInputError} if the chosen source is unknown, or a symbol is a selector like `top:50` */
export function chooseSources(sources: Sources, symbols: readonly string[], choice: SourceChoice): SymbolSources[] {
  checkChoice(sources, choice);
  const selector = symbols.find((symbol) => topCount(symbol) !== null);
  if (selector) throw new InvalidInputError(`${selector} stands for several symbols and was not resolved`);
  return symbols.map((symbol) => ({ symbol, sources: sourceOrder({ symbol, ...choice }) }));
}

/** @throws {InvalidInputError} if there is no source of this name */
export function requireSource(sources: Sources, name: string): CandleSource {
  const source = sources[name];
  if (!source) throw new InvalidInputError(`source ${JSON.stringify(name)} is not one of ${Object.keys(sources).join(", ")}`);
  return source;
}

/** The source that stored candles come from, by their publisher. */
export function sourceOf(publisher: string): string {
  return publisher === DATA_API_PUBLISHER ? "cryptocompare" : publisher;
}

function realSources({ source, hasKey }: SourceChoice): string[] {
  if (source !== "auto") return [source];
  return hasKey ? ["cryptocompare"] : ["binance", "kraken"];
}

function checkChoice(sources: Sources, { source }: SourceChoice): void {
  if (source === "auto" || sources[source]) return;
  throw new InvalidInputError(`source ${JSON.stringify(source)} is not one of auto, ${Object.keys(sources).join(", ")}`);
}

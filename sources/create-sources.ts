import { createBinance } from "./binance.ts";
import { breakCircuit, type NamelessSources } from "./break-circuit.ts";
import type { CandleSource } from "./candle-source.ts";
import { createCryptoCompare } from "./cryptocompare/cryptocompare.ts";
import { createFileSource } from "./file.ts";
import { createKraken } from "./kraken.ts";
import { paceSource } from "./pace-source.ts";
import { createSimulated } from "./simulated.ts";

export interface SourceOptions {
  readonly binanceUrl?: string;
  readonly binancePerSecond?: number;
  readonly krakenUrl?: string;
  readonly cryptocompareUrl?: string | null;
  readonly cryptocompareApiKey: string | null;
  /** This process's share of a source's limit, from 0 to 1. */
  readonly share?: (source: string) => number;
}

/** Every source by its name. */
export function createSources(options: SourceOptions): Readonly<Record<string, CandleSource>> {
  const list = [
    createBinance({ baseUrl: options.binanceUrl, requestsPerSecond: options.binancePerSecond }),
    createKraken({ baseUrl: options.krakenUrl }),
    createCryptoCompare({ baseUrl: options.cryptocompareUrl, apiKey: options.cryptocompareApiKey }),
    createSimulated(),
    createFileSource(),
  ];
  const nameless: NamelessSources = new Set();
  const { share = () => 1 } = options;
  const paced = (source: CandleSource) => paceSource(source, { share: () => share(source.name) });
  return Object.fromEntries(list.map((source) => [source.name, breakCircuit(paced(source), { nameless })]));
}

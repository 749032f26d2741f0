/**
 * What a publisher calls a coin, where that is not its symbol here; by the publisher, then by our symbol.
 *
 * Two coins were called LUNA: Terra's first, now LUNC, and the one that came on 2022-05-28. Kraken went on to call the first LUNA. MATIC
 * and POL are two series, though one was exchanged for the other: no source joins them.
 */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kraken: { BTC: "XBT", DOGE: "XDG", LUNA: "LUNA2", LUNC: "LUNA" },
  coinmarketcap: { IOTA: "MIOTA" },
};

/** Our symbols by publishers' names, as files use them. A name that is also our symbol of another coin is left out: LUNA. */
const IN_FILES: ReadonlyMap<string, string> = new Map(
  Object.values(NAMES).flatMap((names) =>
    Object.entries(names).flatMap(([symbol, name]) => (name in names ? [] : [[name, symbol] as const])),
  ),
);

/** The publisher's name of a coin. */
export function nameAt(publisher: string, symbol: string): string {
  return NAMES[publisher]?.[symbol] ?? symbol;
}

/** The symbol of a coin that a file calls by a publisher's name. */
export function symbolOf(name: string): string {
  return IN_FILES.get(name) ?? name;
}

/** Publishers' own names that files use. */
export const NAMES_IN_FILES: readonly string[] = [...IN_FILES.keys()];

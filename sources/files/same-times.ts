/** Candles of one coin and time don't differ by more than this; two coins do. */
const MOST_FACTOR = 2;
/** Times that are remembered of a file. */
const MOST_TIMES = 1_000_000;

/**
 * Remembers the close of each time of a file, to find two coins in one file.
 *
 * @returns a function that takes a candle, and gives the other close of the same time if the two can't be of one coin
 */
export function watchSameTimes(): (symbol: string, openTime: number, close: number) => number | null {
  const closes = new Map<string, Map<number, number>>();
  let remembered = 0;
  return (symbol, openTime, close) => {
    if (!(close > 0)) return null;
    let ofCoin = closes.get(symbol);
    if (!ofCoin) {
      ofCoin = new Map();
      closes.set(symbol, ofCoin);
    }
    const other = ofCoin.get(openTime);
    if (other === undefined) {
      if (remembered < MOST_TIMES) {
        ofCoin.set(openTime, close);
        remembered++;
      }
      return null;
    }
    return Math.max(close, other) / Math.min(close, other) > MOST_FACTOR ? other : null;
  };
}

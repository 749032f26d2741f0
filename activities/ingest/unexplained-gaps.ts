import { wasAsked } from "../../core/backfill/ledger.ts";
import type { Gap } from "../../core/candles/gaps.ts";
import { readLedger } from "../../storage/backfill-files/ledger-file.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import type { FetchPageInput } from "./ask-page.ts";

/**
 * The gaps that are not known to be the source's own.
 *
 * @param since ms UTC: who asked for a gap before then counts no longer
 */
export async function unexplainedGaps(
  store: ObjectReader,
  { symbol, interval }: Pick<FetchPageInput, "symbol" | "interval">,
  gaps: readonly Gap[],
  since: number,
): Promise<readonly Gap[]> {
  if (gaps.length === 0) return gaps;
  const ledger = await readLedger(store, symbol, interval);
  return gaps.filter((gap) => !wasAsked(ledger, gap, since));
}

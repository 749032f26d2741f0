import { EMPTY_LEDGER, type Ledger } from "../../core/backfill/ledger.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { keyOf } from "../layout.ts";
import { parseJson } from "../object-store/json-objects.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { update } from "../object-store/update.ts";

const SCHEMA = "candlecast.ledger/1";

/**
 * What backfills remember of a symbol; an empty ledger where nothing is stored.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if the stored object is not a ledger
 */
export async function readLedger(reader: ObjectReader, symbol: string, interval: Interval): Promise<Ledger> {
  const key = keyOf("backfillLedgers", { interval, symbol });
  const stored = await reader.get(key);
  return stored ? parseLedger(key, stored.bytes) : EMPTY_LEDGER;
}

/**
 * Changes a ledger by compare-and-swap, so that two backfills at once lose none of each other's notes. A ledger that stays the
 * same is not written.
 *
 * @throws {StoreUnavailableError} if others changed it first again and again
 */
export async function updateLedger(
  store: ObjectStore,
  symbol: string,
  interval: Interval,
  change: (ledger: Ledger) => Ledger,
): Promise<void> {
  const key = keyOf("backfillLedgers", { interval, symbol });
  await update(
    store,
    key,
    (bytes) => parseLedger(key, bytes),
    (stored) => {
      const before = stored ?? EMPTY_LEDGER;
      const after = change(before);
      const isSame = JSON.stringify(after) === JSON.stringify(before);
      return { bytes: isSame ? null : encodeLedger(after), result: undefined };
    },
  );
}

function encodeLedger({ asked, failed }: Ledger): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ schema: SCHEMA, asked, failed })}\n`);
}

function parseLedger(key: string, bytes: Uint8Array): Ledger {
  const { schema, asked, failed } = (parseJson(key, bytes) ?? {}) as Partial<Ledger & { schema: string }>;
  if (schema !== SCHEMA || !Array.isArray(asked) || !Array.isArray(failed))
    throw new SchemaMismatchError(`${key} is not of schema ${SCHEMA}`);
  return { asked, failed };
}

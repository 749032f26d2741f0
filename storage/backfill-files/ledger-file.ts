import { EMPTY_LEDGER, type Ledger } from "../../core/backfill/ledger.ts";
import { CorruptObjectError, PreconditionFailedError, SchemaMismatchError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";

const SCHEMA = "candlecast.ledger/1";
/** How often a write that lost a race is decided again. */
const TRIES = 40;

export function ledgerKey(symbol: string, interval: Interval): string {
  return `backfills/ledgers/interval=${interval}/symbol=${symbol}.json`;
}

/**
 * What backfills remember of a symbol; an empty ledger where there is none.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if the file is no ledger
 */
export async function readLedger(reader: ObjectReader, symbol: string, interval: Interval): Promise<Ledger> {
  return (await readStored(reader, ledgerKey(symbol, interval)))?.ledger ?? EMPTY_LEDGER;
}

/**
 * Changes a ledger by compare-and-swap, so that two backfills forget nothing of each other. What stays the same is not
 * written.
 *
 * @throws {StoreUnavailableError} if the race was lost 40 times
 */
export async function updateLedger(
  store: ObjectStore,
  symbol: string,
  interval: Interval,
  change: (ledger: Ledger) => Ledger,
): Promise<void> {
  const key = ledgerKey(symbol, interval);
  for (let tries = 1; tries <= TRIES; tries++) {
    const stored = await readStored(store, key);
    const before = stored?.ledger ?? EMPTY_LEDGER;
    const after = change(before);
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    const bytes = new TextEncoder().encode(`${JSON.stringify({ schema: SCHEMA, asked: after.asked, failed: after.failed })}\n`);
    try {
      await store.put(key, bytes, stored ? { ifMatch: stored.etag } : { ifAbsent: true });
      return;
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 10 * tries));
    }
  }
  throw new StoreUnavailableError(`${key} in ${store.url} was changed by others ${TRIES} times in a row`);
}

async function readStored(reader: ObjectReader, key: string): Promise<{ ledger: Ledger; etag: string } | null> {
  const stored = await reader.get(key);
  if (!stored) return null;
  let value: Partial<Ledger & { schema: string }>;
  try {
    value = JSON.parse(new TextDecoder().decode(stored.bytes)) as Partial<Ledger & { schema: string }>;
  } catch (cause) {
    throw new CorruptObjectError(`${key} is not JSON`, { cause });
  }
  const { schema, asked, failed } = value ?? {};
  if (schema !== SCHEMA || !Array.isArray(asked) || !Array.isArray(failed))
    throw new SchemaMismatchError(`${key} is not of schema ${SCHEMA}`);
  return { ledger: { asked, failed }, etag: stored.etag };
}

import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { publishedCandles } from "../candle-files/published-candles.ts";
import { kindOf } from "../layout.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import { isUsableKey } from "../object-store/keys.ts";
import type { ObjectReader } from "../object-store/object-store.ts";

/**
 * - ok: the bytes that were published
 * - extended: a candle file that has grown or was revised; the published rows can still be read, bit for bit
 * - revised: a candle file in which a later, published fetch replaced rows that were not kept
 * - changed: other bytes than were published
 * - missing: there is no such object
 * - unlinked: a manifest that `manifests/latest.json` does not lead to
 */
export type ObjectStatus = "ok" | "extended" | "revised" | "changed" | "missing" | "unlinked";

export interface VerifiedObject {
  readonly key: string;
  /** Places that name it. */
  readonly namedBy: readonly string[];
  readonly status: ObjectStatus;
  /** sha256 in hex; of a manifest under `previous`, only the 8 digits in its version are known */
  readonly published: string;
  /** null: there is no such object */
  readonly found: string | null;
  readonly why: string | null;
}

/** Whether all that was published can still be read. */
export function isEqual({ status }: Pick<VerifiedObject, "status">): boolean {
  return status === "ok" || status === "extended";
}

/**
 * Compares a stored object with its reference.
 *
 * @param namedLater whether a later manifest names the bytes with this digest, so that they were rightly written
 * @throws {StoreUnavailableError} if the store can't be read
 */
export async function verifyObject(
  reader: ObjectReader,
  ref: ObjectRef,
  namedLater: (sha256: string) => boolean = () => false,
): Promise<Pick<VerifiedObject, "status" | "published" | "found" | "why">> {
  const published = ref.sha256;
  if (!isUsableKey(ref.key)) return { status: "changed", published, found: null, why: "its key is not a valid object key" };
  const stored = await reader.get(ref.key);
  if (!stored) return { status: "missing", published, found: null, why: null };
  const found = sha256Hex(stored.bytes);
  if (found === published) return { status: "ok", published, found, why: null };
  if (kindOf(ref.key) !== "candles")
    return { status: "changed", published, found, why: `it has ${stored.bytes.byteLength} bytes, but ${ref.bytes} were published` };
  const { status } = await publishedCandles(reader, stored.bytes, ref);
  if (status === "extended")
    return { status, published, found, why: `candles were added or revised; the ${ref.rows} published ones are all kept` };
  if (namedLater(found)) return { status: "revised", published, found, why: "a later run replaced some of its candles" };
  return { status: "changed", published, found, why: "some of the published candles are gone, and no later manifest names it as it is" };
}

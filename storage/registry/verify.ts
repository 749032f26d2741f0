import { type NamedObject, objectRefs } from "../../core/manifests/object-refs.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { currentKey } from "../layout.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { verifyChain } from "./verify-chain.ts";
import { isEqual, type VerifiedObject, verifyObject } from "./verify-object.ts";

/** How many objects are in memory at a time. */
const IN_FLIGHT = 4;

export interface Verification {
  readonly manifest: string;
  readonly objects: readonly VerifiedObject[];
  /** Whether all that the manifest names can still be read as it was published. */
  readonly equal: boolean;
}

/**
 * Hashes all objects that a manifest names again, and checks the manifest itself against the pointer and the chain. Nothing is
 * written; a few objects are read at a time.
 *
 * @param version null for the newest
 * @param onObject is called with each object as soon as it was checked
 * @throws {InvalidInputError} if there is no such manifest
 * @throws {StoreUnavailableError} if the store can't be read
 */
export async function verify(
  reader: ObjectReader,
  version: string | null,
  { onObject = () => {}, signal }: { onObject?: (object: VerifiedObject) => void; signal?: AbortSignal } = {},
): Promise<Verification> {
  const objects: VerifiedObject[] = [];
  const add = (object: VerifiedObject) => {
    objects.push(object);
    onObject(object);
  };
  const chain = await verifyChain(reader, version, signal);
  if (!chain) throw new InvalidInputError(`${reader.url} has no manifest${version === null ? "" : ` ${version}`}`);
  for (const object of chain.objects) add(object);
  const check = async ({ ref, namedBy }: NamedObject): Promise<VerifiedObject> => ({
    key: ref.key,
    namedBy,
    ...(await verifyObject(reader, ref, (sha256) => chain.namedLater.has(`${currentKey(ref.key)}\n${sha256}`))),
  });
  for await (const object of inOrder(objectRefs(chain.manifest), check)) {
    signal?.throwIfAborted();
    add(object);
  }
  return { manifest: chain.version, objects, equal: objects.every(isEqual) };
}

/** Results in the order of their items; a few are worked on at a time. */
async function* inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  for (const item of items) {
    const made = work(item);
    made.catch(() => {});
    running.push(made);
    if (running.length === IN_FLIGHT) yield await (running.shift() as Promise<R>);
  }
  for (const made of running) yield await made;
}

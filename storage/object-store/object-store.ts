export interface StoredObject {
  readonly bytes: Uint8Array;
  /** Opaque version of the object, for a conditional put. */
  readonly etag: string;
  /** ms since the epoch, by the store's clock */
  readonly lastModified: number;
}

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** ms since the epoch, by the store's clock */
  readonly lastModified: number;
}

/** The reading side of a store. Code that gets this type can't write. Keys are separated by `/`, without a leading slash. */
export interface ObjectReader {
  /** @returns null if there is no such object */
  get(key: string): Promise<StoredObject | null>;
  /** What {@link list} says of one object, without its bytes. Null if there is no such object. */
  stat(key: string): Promise<ObjectInfo | null>;
  /** Objects whose key starts with `prefix`, ordered by key. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /**
   * Asked where an object is missing that may never have been there: is there a store at all at this address?
   *
   * @throws {StoreUnavailableError} if there is none, in stores that can tell
   */
  checkAddress?(): Promise<void>;
  /** A URL that tells people where the store is, without credentials. */
  readonly url: string;
}

/** A put is put-if-absent or if-match, nothing else. */
export type PutCondition = { readonly ifAbsent: true } | { readonly ifMatch: string };

export interface ObjectStore extends ObjectReader {
  /**
   * @returns the etag of what is now stored
   * @throws {PreconditionFailedError} if the object exists (ifAbsent), or is gone or has another etag (ifMatch)
   * @throws {StoreUnavailableError} if storage can't be reached or is full
   */
  put(key: string, bytes: Uint8Array, condition: PutCondition): Promise<{ readonly etag: string }>;
  /** Deletes the object if it is there. */
  delete(key: string): Promise<void>;
  /** Removes what killed writers left behind before a time (ms since the epoch), in stores where that happens. */
  sweep?(before: number): Promise<void>;
}

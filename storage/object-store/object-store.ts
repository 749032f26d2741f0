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

/** What only reads can't write: the API gets this type. Keys are `/`-separated, without a leading slash. */
export interface ObjectReader {
  /** @returns null if there is no such object */
  get(key: string): Promise<StoredObject | null>;
  /** Objects whose key starts with `prefix`, ordered by key. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  /** Where this store is, for people: a URL without credentials. */
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
  /** Removes what killed writers have left behind before a time (ms since the epoch), where there can be such things. */
  sweep?(before: number): Promise<void>;
}

/** A stored object, named by key and content. `rows` is null where the object has no rows (a model). */
export interface ObjectRef {
  readonly key: string;
  /** in hex */
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: number | null;
}

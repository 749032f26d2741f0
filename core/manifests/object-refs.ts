import type { ObjectRef } from "../vocabulary/object-ref.ts";

/** An object and every place of a manifest that names it with this digest, as `symbols.BTC.features`. */
export interface NamedObject {
  readonly ref: ObjectRef;
  readonly namedBy: readonly string[];
}

/** Every object reference in a manifest, wherever it stands in it: each key and digest once, in the order of their keys. */
export function objectRefs(manifest: unknown): NamedObject[] {
  const found = new Map<string, { ref: ObjectRef; namedBy: string[] }>();
  const visit = (value: unknown, path: string) => {
    if (typeof value !== "object" || value === null) return;
    if (isRef(value)) {
      const name = `${value.key}\n${value.sha256}`;
      const known = found.get(name);
      if (known) known.namedBy.push(path);
      else found.set(name, { ref: value, namedBy: [path] });
      return;
    }
    for (const [field, inner] of Object.entries(value)) visit(inner, path === "" ? field : `${path}.${field}`);
  };
  visit(manifest, "");
  return [...found.values()].sort((a, b) => (a.ref.key < b.ref.key ? -1 : 1));
}

function isRef(value: object): value is ObjectRef {
  const { key, sha256, bytes } = value as Partial<Record<keyof ObjectRef, unknown>>;
  return typeof key === "string" && typeof sha256 === "string" && typeof bytes === "number";
}

import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { type Fetched, getBytes, type Source } from "./get-bytes.ts";
import { sha256Hex } from "./sha256.ts";
import { compared, type Difference, type Step, unchecked } from "./step.ts";

export interface CheckedFiles {
  readonly step: Step;
  /** by key, the files whose digests are those that the manifest names */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface FilesToCheck {
  readonly name: string;
  readonly refs: readonly ObjectRef[];
  /** whether files may be gone, because later ones took their place */
  readonly mayBeGone?: boolean;
}

/** Fetches files of a manifest and compares their digests with those that it names. */
export async function checkFiles(source: Source, { name, refs, mayBeGone = false }: FilesToCheck): Promise<CheckedFiles> {
  const fetched = await Promise.all(refs.map(async (ref) => [ref, await getBytes(source, `objects/${ref.sha256}`)] as const));
  const files = new Map<string, Uint8Array>();
  const differences: Difference[] = [];
  const gone: string[] = [];
  for (const [ref, file] of fetched) {
    const difference = compareDigest(ref, file);
    if (!difference && file.bytes) files.set(ref.key, file.bytes);
    else if (mayBeGone && file.bytes === null) gone.push(file.why);
    else if (difference) differences.push(difference);
  }
  const what = `sha256 of ${refs.length} ${refs.length === 1 ? "file" : "files"}, against the manifest`;
  const step = gone.length > 0 && differences.length === 0 ? unchecked(name, what, gone[0]) : compared(name, what, differences);
  return { step, files };
}

function compareDigest({ key, sha256 }: ObjectRef, file: Fetched): Difference | null {
  if (file.bytes === null) return { of: key, expected: sha256, found: file.why };
  const found = sha256Hex(file.bytes);
  return found === sha256 ? null : { of: key, expected: sha256, found };
}

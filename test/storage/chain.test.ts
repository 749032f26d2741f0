import { beforeEach, describe, expect, test } from "vitest";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { chain, findInChain, type Link } from "../../storage/registry/chain.ts";
import { manifestKey } from "../../storage/registry/reader.ts";
import { sampleManifest } from "../manifests/sample-manifest.ts";

let store: ObjectStore;
let first: Manifest;
let second: Manifest;
let third: Manifest;
let asked: string[];
beforeEach(async () => {
  const memory = createMemoryStore();
  asked = [];
  store = {
    ...memory,
    get: (key) => {
      asked.push(key);
      return memory.get(key);
    },
  };
  first = sampleManifest("a");
  second = sampleManifest("b", first);
  third = sampleManifest("c", second);
  for (const manifest of [first, second, third]) await put(manifest);
});
const put = (manifest: Manifest) => store.put(manifestKey(manifest.version), encodeManifest(manifest), { ifAbsent: true });
async function links(from: Manifest | string | null): Promise<Link<Manifest>[]> {
  const found: Link<Manifest>[] = [];
  for await (const next of chain(store, from)) found.push(next);
  return found;
}
const link = (manifest: Manifest) => ({ version: manifest.version, manifest });

describe("the chain of manifests", () => {
  test("leads from a version back to the first", async () => {
    expect(await links(third.version)).toEqual([third, second, first].map(link));
    expect(await links(second.version)).toEqual([second, first].map(link));
    expect(await links(null)).toEqual([]);
  });

  test("doesn't read the manifest again that it begins with", async () => {
    expect(await links(third)).toEqual([third, second, first].map(link));
    expect(asked).toEqual([second, first].map(({ version }) => manifestKey(version)));
  });

  test("says where it is broken", async () => {
    await store.delete(manifestKey(second.version));
    expect(await links(third)).toEqual([link(third), { version: second.version, manifest: null }]);
  });

  test("ends where it comes back to a manifest", async () => {
    await store.delete(manifestKey(first.version));
    await put({ ...first, previous: third.version });
    const found = await links(third);
    expect(found.map(({ version }) => version)).toEqual([third, second, first, third].map(({ version }) => version));
    expect(found[3].manifest).toBeNull();
  });

  test("is read only as far as the manifest that is looked for", async () => {
    expect(await findInChain(store, third, ({ version }) => version === second.version)).toEqual(second);
    expect(asked).toEqual([manifestKey(second.version)]);
    expect(await findInChain(store, third, () => false)).toBeNull();
  });
});

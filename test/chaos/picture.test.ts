import { expect, test } from "vitest";
import { keyOf } from "../../storage/layout.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { checkStore } from "./picture.ts";

const BYTES = new TextEncoder().encode("a ifAbsent");

test("two checks of the store that were killed may have left the same bytes", async () => {
  const store = createMemoryStore();
  for (const uuid of ["3507a0d2-dfc1-4dba-99c6-6117c080e0fe", "1890787f-97f9-4edf-b359-d4c08dad58c9"])
    await store.put(keyOf("probes", { uuid }), BYTES, { ifAbsent: true });
  expect((await checkStore(store)).problems).toEqual([]);
});

test("a content that stands under two keys is a problem", async () => {
  const store = createMemoryStore();
  const keys = ["a", "b"].map((digit) => keyOf("models", { digest: digit.repeat(64) }));
  for (const key of keys) await store.put(key, BYTES, { ifAbsent: true });
  expect((await checkStore(store)).problems).toEqual([`${keys[1]} holds what ${keys[0]} holds`]);
});

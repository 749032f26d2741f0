import type { Manifest } from "../../core/manifests/manifest.ts";
import { PreconditionFailedError, PublishConflictError } from "../../core/vocabulary/errors.ts";
import type { ObjectStore, PutCondition } from "../../storage/object-store/object-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { POINTER_KEY, readLatest, readManifest } from "../../storage/registry/reader.ts";
import { runManifest } from "./runs.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const START = Date.parse("2020-12-31T12:00:00Z");

/** What a race found; `violations` describes what must not happen. */
export interface RaceFigures {
  readonly won: number;
  readonly lost: number;
  readonly violations: readonly string[];
}

/** Many writers put each of several new keys at once, if absent: one wins each key. */
export async function raceNewKeys(store: ObjectStore, { keys, writers }: { keys: number; writers: number }): Promise<RaceFigures> {
  const races = await Promise.all(
    Array.from({ length: keys }, (_, key) => race(store, `new/${key}`, writers, { ifAbsent: true }, `k${key}`)),
  );
  return sum(races);
}

/** Many writers replace one key at once, all having read the same version, again and again: one wins each time. */
export async function raceGenerations(
  store: ObjectStore,
  { generations, writers }: { generations: number; writers: number },
): Promise<RaceFigures> {
  await store.put("generation", bytes("0"), { ifAbsent: true });
  const races: RaceFigures[] = [];
  for (let generation = 1; generation <= generations; generation++) {
    const { etag } = (await store.get("generation")) ?? { etag: "" };
    races.push(await race(store, "generation", writers, { ifMatch: etag }, `g${generation}`));
  }
  return sum(races);
}

/** Many writers increment one number, rereading after each lost race: no increment is lost. */
export async function raceIncrements(
  store: ObjectStore,
  { increments, writers }: { increments: number; writers: number },
): Promise<RaceFigures> {
  await store.put("count", bytes("0"), { ifAbsent: true });
  let begun = 0;
  let lost = 0;
  const read = async () => {
    const found = await store.get("count");
    if (!found) throw new Error("the count is gone");
    return { value: Number(new TextDecoder().decode(found.bytes)), etag: found.etag };
  };
  const writer = async () => {
    while (begun < increments) {
      begun++;
      for (let done = false; !done; ) {
        const { value, etag } = await read();
        try {
          await store.put("count", bytes(String(value + 1)), { ifMatch: etag });
          done = true;
        } catch (error) {
          if (!(error instanceof PreconditionFailedError)) throw error;
          lost++;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  const { value } = await read();
  return { won: value, lost, violations: value === increments ? [] : [`${increments} increments made ${value}`] };
}

/** In each round all publish over the same manifest, once: one wins, each other fails with the conflict. */
export async function racePublishers(
  store: ObjectStore,
  { publishers, rounds }: { publishers: number; rounds: number },
): Promise<RaceFigures> {
  const violations: string[] = [];
  const winners: string[] = [];
  let lost = 0;
  for (let round = 0; round < rounds; round++) {
    const latest = await readLatest(store);
    const manifests = Array.from({ length: publishers }, (_, i) =>
      runManifest(`${round}/${i}`, START + (round * publishers + i) * 1_000, latest?.manifest ?? null, null),
    );
    const meet = meetingOf(publishers);
    // None switches the pointer before all have read it.
    const gated: ObjectStore = {
      ...store,
      put: async (key, content, condition) => {
        if (key === POINTER_KEY) await meet();
        return store.put(key, content, condition);
      },
    };
    const results = await Promise.allSettled(manifests.map((manifest) => publish(gated, () => manifest, { tries: 1 }).finally(meet)));
    const won = manifests.filter((_, i) => results[i].status === "fulfilled");
    if (won.length !== 1) violations.push(`round ${round} has ${won.length} winners`);
    winners.push(...won.map(({ workflow }) => workflow.runId));
    for (const result of results) {
      if (result.status === "fulfilled") continue;
      if (result.reason instanceof PublishConflictError) lost++;
      else violations.push(`round ${round}: a loser got ${result.reason}`);
    }
  }
  const chain = await chainOf(store);
  const found = chain.map(({ workflow }) => workflow.runId).reverse();
  if (found.join() !== winners.join()) violations.push(`the chain is ${found.join()}, but the winners were ${winners.join()}`);
  return { won: chain.length, lost, violations };
}

/** All publish until each has published as often as it should, rereading after each conflict: all are in one chain. */
export async function publishAll(store: ObjectStore, { publishers, rounds }: { publishers: number; rounds: number }): Promise<RaceFigures> {
  let conflicts = 0;
  const counting: ObjectStore = {
    ...store,
    put: (key, content, condition) =>
      store.put(key, content, condition).catch((error: unknown) => {
        if (error instanceof PreconditionFailedError && key === POINTER_KEY) conflicts++;
        throw error;
      }),
  };
  const names: string[] = [];
  const publisher = async (_: unknown, i: number) => {
    for (let round = 0; round < rounds; round++) {
      const name = `${i}/${round}`;
      names.push(name);
      await publish(counting, (previous) => runManifest(name, START + (round * publishers + i) * 1_000, previous, null), {
        tries: 10_000,
      });
    }
  };
  await Promise.all(Array.from({ length: publishers }, publisher));
  const found = (await chainOf(store)).map(({ workflow }) => workflow.runId);
  const violations =
    [...found].sort().join() === names.sort().join() ? [] : [`${names.length} were published, ${found.length} are in the chain`];
  return { won: found.length, lost: conflicts, violations };
}

/** Manifests from the newest back to the first. */
export async function chainOf(store: ObjectStore): Promise<Manifest[]> {
  const found: Manifest[] = [];
  for (let next = (await readLatest(store))?.manifest ?? null; next; ) {
    found.push(next);
    next = next.previous === null ? null : await readManifest(store, next.previous);
  }
  return found;
}

/** A function whose promises resolve once it was called so many times. */
function meetingOf(count: number): () => Promise<void> {
  const all = Promise.withResolvers<void>();
  let arrived = 0;
  return () => {
    if (++arrived >= count) all.resolve();
    return all.promise;
  };
}

async function race(store: ObjectStore, key: string, writers: number, condition: PutCondition, label: string): Promise<RaceFigures> {
  const results = await Promise.allSettled(Array.from({ length: writers }, (_, i) => store.put(key, bytes(`${label} ${i}`), condition)));
  const violations: string[] = [];
  const won = results.flatMap(({ status }, i) => (status === "fulfilled" ? [i] : []));
  if (won.length !== 1) violations.push(`${key}: ${won.length} of ${writers} won`);
  for (const result of results) {
    if (result.status === "rejected" && !(result.reason instanceof PreconditionFailedError)) violations.push(`${key}: ${result.reason}`);
  }
  const stored = new TextDecoder().decode((await store.get(key))?.bytes);
  if (stored !== `${label} ${won[0]}`) violations.push(`${key} holds ${stored}, not what ${won[0]} put`);
  return { won: won.length, lost: writers - won.length, violations };
}

function sum(races: readonly RaceFigures[]): RaceFigures {
  return {
    won: races.reduce((total, { won }) => total + won, 0),
    lost: races.reduce((total, { lost }) => total + lost, 0),
    violations: races.flatMap(({ violations }) => violations),
  };
}

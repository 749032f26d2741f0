import type { Manifest } from "../../core/manifests/manifest.ts";
import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import type { Outcome } from "../../core/scoring/outcome.ts";
import { decodeCandles } from "../../storage/candle-files/candle-file.ts";
import { kindOf, type ObjectKind, partsOf } from "../../storage/layout.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { decodeForecasts } from "../../storage/prediction-files/forecast-file.ts";
import { decodeOutcomes } from "../../storage/prediction-files/outcome-file.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { verify } from "../../storage/registry/verify.ts";
import { rowsOf } from "../candles/rows.ts";

/** Kinds that two stores may hold differently though their runs did the same. */
const LEFT_OUT: readonly (ObjectKind | null)[] = ["pointer", "revisions", "backfillLedgers", "backfillPlans", "probes", "scoringState"];

/**
 * What a store holds, as sorted lines that two stores share whose runs did the same. Equal byte by byte must be features, models,
 * evaluations, assessments and reports. Of candle files all but `fetched_at` must be, so of the snapshots and manifests that
 * name them all but the candle files' digests, and of manifests, forecasts and outcomes all but version, time and run. Left out are
 * the state of scoring, which says when, revisions, for a damaged answer that the next one put right is one, the ledgers of backfills, which say when, and the probe that a worker
 * leaves when it is killed while it tries the store; garbage collection takes it.
 */
export async function pictureOf(store: ObjectReader): Promise<string[]> {
  const lines: string[] = [];
  for await (const { key } of store.list("")) {
    if (LEFT_OUT.includes(kindOf(key))) continue;
    const stored = await store.get(key);
    if (!stored) throw new Error(`${key} is listed, but not there`);
    lines.push(await describe(key, stored.bytes));
  }
  return lines.sort();
}

async function describe(key: string, bytes: Uint8Array): Promise<string> {
  const candleParts = partsOf("candles", key);
  if (candleParts) {
    const series = await decodeCandles(bytes, { key, ...candleParts });
    return `${key} ${digestOf(rowsOf(series).map(({ fetchedAt: _, ...candle }) => candle))}`;
  }
  if (kindOf(key) === "snapshots") return `${key.replace(/[0-9a-f]{64}/, "snapshot")} ${digestOf(withoutCandleDigests(parse(bytes)))}`;
  if (kindOf(key) === "manifests") {
    const { version: _, previous: _p, createdAt: _c, workflow: _w, forecasts, symbols, ...rest } = parse(bytes) as Manifest;
    const entries = Object.entries(symbols).map(([name, { since: _s, ...entry }]) => [name, withoutCandleDigests(entry)]);
    return `manifests/ of ${rest.asOf} ${digestOf({ ...rest, forecasts: forecasts?.rows, entries })}`;
  }
  if (kindOf(key) === "forecasts") return `predictions/forecasts/ ${digestOf((await decodeForecasts(key, bytes)).map(withoutRun))}`;
  const outcomeParts = partsOf("outcomes", key);
  if (outcomeParts) return `${key} ${digestOf((await decodeOutcomes(bytes, { key, ...outcomeParts })).map(withoutRun))}`;
  return `${key} ${sha256Hex(bytes)}`;
}

/** A forecast or an outcome without what tells runs apart. */
function withoutRun(row: KeptForecast | Outcome) {
  return { ...row, manifest: "", entrySince: "", publishedAt: 0, runId: "", scoredAt: 0, candleFetchedAt: 0 };
}

function withoutCandleDigests(value: unknown): unknown {
  const { candles, ...rest } = value as { candles: { objects: readonly { key: string; rows: number }[] } };
  return { ...rest, candles: { ...candles, objects: candles.objects.map(({ key, rows }) => ({ key, rows })) } };
}

const digestOf = (value: unknown) => sha256Hex(new TextEncoder().encode(JSON.stringify(value)));
const parse = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

export interface Soundness {
  readonly objects: number;
  readonly manifests: number;
  /** Sentences; none where all is well. */
  readonly problems: readonly string[];
}

/** Kinds whose objects may hold the same: what backfills of two coins asked for, and what two killed checks of the store left. */
const MAY_BE_EQUAL: readonly (ObjectKind | null)[] = ["backfillLedgers", "probes"];

/** Whether each content stands under one key, the manifests are one chain with each run once, and all that it names is there. */
export async function checkStore(store: ObjectReader): Promise<Soundness> {
  const problems: string[] = [];
  const byDigest = new Map<string, string>();
  const manifests = new Map<string, Manifest>();
  let objects = 0;
  for await (const { key } of store.list("")) {
    objects++;
    const bytes = (await store.get(key))?.bytes ?? new Uint8Array();
    const digest = sha256Hex(bytes);
    const other = byDigest.get(digest);
    const kind = kindOf(key);
    if (kind === null) problems.push(`${key} is of no known kind`);
    if (other && !MAY_BE_EQUAL.includes(kind)) problems.push(`${key} holds what ${other} holds`);
    byDigest.set(digest, key);
    if (kind === "manifests") {
      const manifest = parse(bytes) as Manifest;
      manifests.set(manifest.version, manifest);
    }
  }
  problems.push(...(await checkChain(store, manifests)));
  return { objects, manifests: manifests.size, problems };
}

async function checkChain(store: ObjectReader, manifests: ReadonlyMap<string, Manifest>): Promise<string[]> {
  const problems: string[] = [];
  const runs = new Set<string>();
  const inChain = new Set<string>();
  let next = (await readLatest(store))?.manifest.version ?? null;
  while (next !== null) {
    const manifest = manifests.get(next);
    if (!manifest || inChain.has(next)) {
      problems.push(`the chain is broken at ${next}`);
      break;
    }
    inChain.add(next);
    if (runs.has(manifest.workflow.runId)) problems.push(`run ${manifest.workflow.id} was published twice`);
    runs.add(manifest.workflow.runId);
    next = manifest.previous;
  }
  for (const version of manifests.keys()) if (!inChain.has(version)) problems.push(`manifest ${version} is not in the chain`);
  if (inChain.size > 0) {
    const { objects } = await verify(store, null);
    for (const { key, status } of objects) if (status !== "ok" && status !== "extended") problems.push(`${key} is ${status}`);
  }
  return problems;
}

/** Lines that only one of two pictures has. */
export function differences(one: readonly string[], other: readonly string[]): string[] {
  const left = new Set(one);
  const right = new Set(other);
  return [...one.filter((line) => !right.has(line)), ...other.filter((line) => !left.has(line))];
}

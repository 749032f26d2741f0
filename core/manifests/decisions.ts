import { championsOf } from "../serving/champion.ts";
import type { Role } from "../vocabulary/model-names.ts";
import type { SymbolEntry } from "./manifest.ts";

/** What was decided of a run's models and why, small enough for a run's history. */
export interface Decisions {
  /** The sentences that {@link models} refers to, each once: models of a pool share most of them. */
  readonly reasons: readonly string[];
  /** Per symbol and model: name, scope, role, number of the reason. */
  readonly models: Readonly<Record<string, readonly (readonly [name: string, scope: string, role: Role, reason: number])[]>>;
  /** Symbols in all, and those that have a champion; not there in runs of before, whose {@link champions} hold them all. */
  readonly counts?: { readonly symbols: number; readonly served: number };
  /** Per symbol, the names of its champions; also of the symbols that {@link models} leaves out, but of no more than 500. */
  readonly champions: Readonly<Record<string, readonly string[]>>;
  /** Symbols whose models were left out, so that this stays small. */
  readonly omitted: number;
  /** The best skill of a model over its coins; null where none is known. */
  readonly bestSkill: number | null;
}

/** Characters of models and reasons; with the champions of 500 symbols it stays well below 64 KB. */
const MAX_CHARACTERS = 28_000;
const MAX_CHAMPIONS = 500;

/** Sums up the decisions on some symbols of a manifest, in their order, until there is no more room. */
export function sumUpDecisions(entries: readonly SymbolEntry[]): Decisions {
  const reasons = new Map<string, number>();
  const models: Record<string, Decisions["models"][string]> = {};
  let room = MAX_CHARACTERS;
  let omitted = 0;
  for (const entry of entries) {
    const added = new Map<string, number>();
    const numberOf = (reason: string) => {
      const known = reasons.get(reason) ?? added.get(reason) ?? reasons.size + added.size;
      if (!reasons.has(reason)) added.set(reason, known);
      return known;
    };
    const lines = entry.models.map(({ name, scope, role, reason }) => [name, scope, role, numberOf(reason.slice(0, 200))] as const);
    const size = JSON.stringify([entry.symbol, lines, [...added.keys()]]).length;
    if (omitted > 0 || size > room) {
      omitted++;
      continue;
    }
    room -= size;
    for (const [reason, number] of added) reasons.set(reason, number);
    models[entry.symbol] = lines;
  }
  const champions = entries.map(({ symbol, models: all }) => [symbol, championsOf(all).map(({ name }) => name)] as const);
  const skills = entries.flatMap((entry) => entry.models.map(({ groupSkill }) => groupSkill.value)).filter((value) => value !== null);
  return {
    reasons: [...reasons.keys()],
    models,
    counts: { symbols: champions.length, served: champions.filter(([, names]) => names.length > 0).length },
    champions: Object.fromEntries(champions.slice(0, MAX_CHAMPIONS)),
    omitted,
    bestSkill: skills.length > 0 ? Math.max(...skills) : null,
  };
}

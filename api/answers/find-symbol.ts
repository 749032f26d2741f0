import type { Context } from "hono";
import { clip } from "../http/clip.ts";
import { problem, problemResponse } from "../http/problem.ts";
import type { ProblemName } from "../http/problem-types.ts";
import type { LoadedSymbol, Served } from "../served/served.ts";
import { SERVICE_STATES, type ServiceState } from "../served/service-state.ts";
import type { Edition } from "./edition.ts";
import type { Prediction } from "./predict-symbol.ts";

const RETRY = { "Retry-After": "10" };

/** The answer while there is no manifest to serve. */
export function nothingToServe(c: Context, { status }: Edition) {
  return problem(c, problemOfState(status.state), `${sentence(SERVICE_STATES[status.state])}`, RETRY);
}

function problemOfState(state: ServiceState) {
  const names = { wrong_address: "wrong-address", store_unknown: "store-unknown", empty: "nothing-published" } as const;
  return names[state as keyof typeof names] ?? "nothing-readable";
}

/** A description as a sentence. */
export function sentence(words: string): string {
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

export interface FoundSymbol {
  readonly served: Served;
  readonly loaded: LoadedSymbol;
  readonly prediction: Prediction;
}

/** A coin of the edition by its name in any case, or the answer that tells why there is none. */
export function findSymbol(c: Context, edition: Edition, symbol: string) {
  const { served } = edition;
  const name = symbol.toUpperCase();
  const loaded = served?.symbols.get(name);
  const prediction = edition.predictions.get(name);
  if (served && loaded && prediction) return { answer: null, found: { served, loaded, prediction } satisfies FoundSymbol };
  if (served?.unreadable.has(name)) {
    const detail = `The files of ${name} can't be read, neither the newest nor older ones. The next training replaces them.`;
    return { answer: problem(c, "coin-unreadable", detail, { "Retry-After": "60" }) };
  }
  if (!served || served.symbols.size === 0) return { answer: nothingToServe(c, edition) };
  return {
    answer: problem(c, "unknown-symbol", `There is no symbol ${clip(name, 20)}; known are ${[...served.symbols.keys()].join(", ")}.`),
  };
}

/** What routes about a symbol answer where they have nothing to say about it. */
export function symbolProblems(path: string) {
  const at = path.replace("{symbol}", "FOO");
  return {
    404: problemResponse("unknown-symbol", "unknown symbol; the known ones are named", "There is no symbol FOO; known are BTC, HET.", at),
    503: unserved(path.replace("{symbol}", "BTC")),
  };
}

/** What routes answer while nothing can be served. */
export function unserved(path: string) {
  const name: ProblemName = "nothing-published";
  return problemResponse(name, "nothing to serve: the type tells why", sentence(SERVICE_STATES.empty), path);
}

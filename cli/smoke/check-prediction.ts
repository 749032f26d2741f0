import { typeOf } from "../../api/http/problem-types.ts";
import { modelList, prediction, problem, symbolList } from "./answers.ts";
import type { Finding, Target } from "./check.ts";
import { contradictionsIn } from "./contradictions.ts";
import { readJson } from "./read-json.ts";

/** No coin has this name. */
const UNKNOWN = "NOSUCHCOIN";

export async function checkModels({ ask }: Target): Promise<Finding> {
  const { symbols, manifest } = readJson(await ask("models"), modelList);
  const bare = symbols.filter(({ models }) => models.length === 0).map(({ symbol }) => symbol);
  if (symbols.length === 0) throw new Error("lists no coin");
  if (bare.length > 0) throw new Error(`lists no model of ${bare.join(", ")}`);
  const champions = symbols.filter(({ models }) => models.some(({ role }) => role === "champion")).length;
  const stale = symbols.filter(({ status }) => status === "stale").map(({ symbol }) => symbol);
  const kept = stale.length > 0 ? `; stale: ${stale.join(", ")}` : "";
  return {
    detail: `${count(symbols.length, "coin")}, ${champions} with a champion, in manifest ${manifest}${kept}`,
    fresh: stale.length === 0,
  };
}

/** A prediction whose numbers fit together, or that is withheld for a reason. */
export async function checkPrediction({ ask, symbol }: Target): Promise<Finding> {
  const answer = readJson(await ask(`symbol/${encodeURIComponent(symbol)}`), prediction);
  if (answer.symbol !== symbol) throw new Error(`is answered with the prediction of ${answer.symbol}`);
  const [contradiction] = contradictionsIn(answer);
  if (contradiction !== undefined) throw new Error(contradiction);
  const { prediction: served, as_of_candle: asOf, target_candle: target, status, warnings } = answer;
  const closed = warnings.some(({ code }) => code === "target_already_closed");
  const words =
    served.price === null
      ? `withheld: ${served.reasons.join(", ")}`
      : `${served.price} by ${served.served_by} (${served.label}) for ${target.close_time}, after ${asOf.close} at ${asOf.close_time}`;
  const age = closed ? "; that candle has closed already" : status === "stale" ? "; kept from an earlier run" : "";
  return { detail: `${words}${age}`, fresh: served.price !== null && status === "fresh" && !closed };
}

/** What doesn't exist is a problem that helps on. */
export async function checkUnknownSymbol({ ask }: Target): Promise<Finding> {
  const [list, answer] = [readJson(await ask("symbol"), symbolList), await ask(`symbol/${UNKNOWN}`)];
  const { type, status, detail } = readJson(answer, problem, { status: 404, type: "application/problem+json" });
  if (type !== typeOf("unknown-symbol")) throw new Error(`is a problem of the type ${type} instead of ${typeOf("unknown-symbol")}`);
  if (status !== answer.status) throw new Error(`has the status ${status} in its body, but is answered with HTTP ${answer.status}`);
  const named = new Set(detail.split(/[^A-Z0-9]+/));
  const missing = list.symbols.map(({ symbol }) => symbol).filter((symbol) => !named.has(symbol));
  if (missing.length > 0) throw new Error(`is a problem that doesn't name ${missing.join(", ")}: ${detail}`);
  return { detail: `a 404 that names what is known, ${count(list.symbols.length, "coin")}` };
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

import { intervalMs } from "../../core/vocabulary/interval.ts";
import type { PredictionAnswer } from "./answers.ts";

/** Between numbers of which one was computed from the other; JSON keeps every bit. */
const ROUNDING = 1e-9;

interface Priced {
  readonly price: number | null;
  readonly log_return: number | null;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
}

/**
 * What in a prediction doesn't fit together, as sentences: prices and returns, intervals, times, labels, the champion.
 */
export function contradictionsIn(answer: PredictionAnswer): string[] {
  const { prediction, models, as_of_candle } = answer;
  return [
    ...inTimes(answer),
    ...inPrice("its prediction", prediction, as_of_candle.close),
    ...models.flatMap((model) => inPrice(`${model.name} (${model.scope})`, model, as_of_candle.close)),
    ...inLabels(answer),
    ...inChampion(answer),
  ];
}

function inTimes({ as_of_candle: asOf, target_candle: target, horizon, interval }: PredictionAnswer): string[] {
  const [known, predicted] = [Date.parse(asOf.close_time), Date.parse(target.close_time)];
  if (predicted <= known)
    return [`its target closes at ${target.close_time}, not after the as-of candle, which closed at ${asOf.close_time}`];
  if (predicted - known === horizon * intervalMs(interval)) return [];
  return [`its target closes at ${target.close_time}, which is not ${horizon} × ${interval} after ${asOf.close_time}`];
}

function inPrice(name: string, { price, log_return: logReturn, interval }: Priced, close: number): string[] {
  if ((price === null) !== (logReturn === null))
    return [`${name} has ${price === null ? "a return without a price" : "a price without a return"}`];
  if (price === null || logReturn === null) return [];
  const implied = close * Math.exp(logReturn);
  if (!(Math.abs(price - implied) <= ROUNDING * implied))
    return [`${name} has the price ${price}, but ${close} × exp(${logReturn}) is ${implied}`];
  if (interval === null || (interval.lower <= price && price <= interval.upper)) return [];
  return [`${name} has the price ${price} outside of its interval, ${interval.lower} to ${interval.upper}`];
}

function inLabels({ prediction, direction }: PredictionAnswer): string[] {
  const parts = [
    { name: "price", label: prediction.label, reasons: prediction.reasons, value: prediction.price },
    { name: "direction", label: direction.label, reasons: direction.reasons, value: direction.probability_up },
  ];
  return parts.flatMap(({ name, label, reasons, value }) => {
    if (label !== "withheld")
      return reasons.length > 0 ? [`its ${name} has reasons against it (${reasons.join(", ")}), but isn't withheld`] : [];
    if (value !== null) return [`its ${name} is withheld, but given: ${value}`];
    return reasons.length > 0 ? [] : [`its ${name} is withheld without a reason`];
  });
}

/** What a champion says is what is served. */
function inChampion({ prediction, models }: PredictionAnswer): string[] {
  if (prediction.label !== "champion") return [];
  const champion = models.find(({ role, task }) => role === "champion" && task === "regression");
  if (!champion) return [`it is served by ${prediction.served_by}, but no model is the champion`];
  if (champion.name === prediction.served_by && champion.price === prediction.price) return [];
  return [`it is ${prediction.price} by ${prediction.served_by}, but the champion ${champion.name} says ${champion.price}`];
}

import type { EvaluationTable } from "./evaluation-table.ts";

/** Out-of-sample predictions of one model for one coin, in the order of their folds. See {@link EvaluationTable} for the units. */
export interface WalkForwardForecasts {
  readonly model: string;
  readonly scope: string;
  /** open time of the last candle that the model saw, ms UTC */
  readonly openTime: Float64Array;
  readonly prediction: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly actual: Float64Array;
  readonly baseline: Float64Array;
}

const COLUMNS = ["openTime", "prediction", "lower", "upper", "actual", "baseline"] as const;
type Column = (typeof COLUMNS)[number];

/** The predictions of an evaluation by coin, from its parts. */
export async function forecastsBySymbol(
  parts: AsyncIterable<EvaluationTable> | Iterable<EvaluationTable>,
): Promise<Map<string, WalkForwardForecasts[]>> {
  const found = new Map<string, Map<string, Record<Column, number[]>>>();
  for await (const part of parts) {
    for (let row = 0; row < part.openTime.length; row++) {
      const symbol = part.symbol[row];
      const models = found.get(symbol) ?? new Map<string, Record<Column, number[]>>();
      found.set(symbol, models);
      const name = `${part.model[row]} ${part.scope[row]}`;
      const lists = models.get(name) ?? { openTime: [], prediction: [], lower: [], upper: [], actual: [], baseline: [] };
      models.set(name, lists);
      for (const column of COLUMNS) lists[column].push(part[column][row]);
    }
  }
  return new Map([...found].map(([symbol, models]) => [symbol, [...models].map(([name, lists]) => compact(name, lists))]));
}

function compact(name: string, lists: Record<Column, number[]>): WalkForwardForecasts {
  const [model, scope] = name.split(" ");
  const column = (of: Column) => Float64Array.from(lists[of]);
  return {
    model,
    scope,
    openTime: column("openTime"),
    prediction: column("prediction"),
    lower: column("lower"),
    upper: column("upper"),
    actual: column("actual"),
    baseline: column("baseline"),
  };
}

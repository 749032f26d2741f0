import { decodeModel } from "../../core/models/file/model-file.ts";
import { type ExplainInput, explain } from "../../core/reports/explain.ts";
import { type ImportanceInput, permutationImportance } from "../../core/reports/permutation-importance.ts";
import type { Explanation, Importance } from "../../core/reports/report.ts";
import { CandlecastError } from "../../core/vocabulary/errors.ts";
import { nameCoins } from "./name-coins.ts";

/** The newest predictions of one model for several coins. Model files go between threads as bytes, and are decoded once for all. */
export interface ExplainTask extends Pick<ExplainInput, "model" | "task"> {
  readonly members: readonly Uint8Array[];
  readonly coins: readonly Pick<ExplainInput, "rows" | "interval">[];
}

export type ReportAnswer<T> = { readonly result: T } | { readonly failure: { readonly name: string; readonly message: string } };

export function measureImportance(input: ImportanceInput): ReportAnswer<Record<string, Importance>> {
  return answer(`the importance of features to ${input.model} on ${nameCoins(input.symbols)}`, () => permutationImportance(input));
}

export function explainNewest({ members, coins, ...rest }: ExplainTask): ReportAnswer<Explanation[]> {
  return answer(`the explanation of ${rest.model}`, () => {
    const models = members.map(decodeModel);
    return coins.map((coin) => explain({ ...rest, ...coin, members: models }));
  });
}

function answer<T>(what: string, compute: () => T): ReportAnswer<T> {
  try {
    return { result: compute() };
  } catch (error) {
    if (!(error instanceof CandlecastError)) throw error;
    return { failure: { name: error.name, message: `${what}: ${error.message}` } };
  }
}

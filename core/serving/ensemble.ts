import { type AlgorithmName, ENSEMBLE, type ModelName, REGRESSORS, type Scope } from "../vocabulary/model-names.ts";

/** The algorithms that a model consists of: itself, or for the ensemble the regressors. */
export function membersOf(name: ModelName): readonly AlgorithmName[] {
  return name === ENSEMBLE ? REGRESSORS : [name];
}

/**
 * The models that the ensemble of a scope is the mean of, in the order of `models`.
 *
 * @returns null where one of them is missing: an ensemble of the others was never judged
 */
export function ensembleMembers<M extends { readonly name: ModelName; readonly scope: Scope }>(
  models: readonly M[],
  scope: Scope,
): M[] | null {
  const members = models.filter((model) => model.scope === scope && (REGRESSORS as readonly ModelName[]).includes(model.name));
  return members.length === REGRESSORS.length ? members : null;
}

/**
 * The ensemble's forecasts: the mean of its members' forward log returns. Evaluation judges these, and the API serves them.
 *
 * @param members per member, n forward log returns
 * @returns n forward log returns; NaN where a member's is NaN
 */
export function ensembleForecasts(members: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(members[0].length);
  for (const forecasts of members) for (let row = 0; row < mean.length; row++) mean[row] += forecasts[row] / members.length;
  return mean;
}

/**
 * The mean of members' raw outputs, which reports explain and shuffle. Up to rounding it is {@link ensembleForecasts} before
 * volatility is multiplied in; it adds first and divides last, and published reports contain numbers of exactly these bits.
 *
 * @param members per member, n outputs
 * @returns n outputs; a single member's own
 */
export function ensembleOutputs(members: readonly Float64Array[]): Float64Array {
  if (members.length === 1) return members[0];
  return members[0].map((_, row) => members.reduce((sum, outputs) => sum + outputs[row], 0) / members.length);
}

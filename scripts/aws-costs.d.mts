/** USD, list prices of eu-central-1; see aws-costs.mjs. */
export const PRICES: {
  readonly instanceHour: Readonly<Record<string, number>>;
  readonly storeGibMonth: number;
  readonly thousandPuts: number;
  readonly thousandGets: number;
};

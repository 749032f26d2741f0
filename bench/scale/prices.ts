/**
 * Temporal Cloud's list prices in USD, read in November 2026 from https://docs.temporal.io/cloud/pricing. Amounts beyond the last
 * tier have no list price.
 */
export const TEMPORAL_PRICES = {
  /** price of a million actions up to so many millions a month, on the Business plan */
  tiers: [
    { upToMillions: 5, usd: 50 },
    { upToMillions: 10, usd: 45 },
    { upToMillions: 20, usd: 40 },
    { upToMillions: 50, usd: 35 },
    { upToMillions: 100, usd: 30 },
    { upToMillions: 200, usd: 25 },
  ],
  /** the same at any volume, on the Developer plan */
  developerMillion: 50,
  /** of what is used, for the plan itself */
  planShare: 0.1,
  /** what the Business plan costs at least, and the actions that it holds */
  business: { leastUsd: 500, millions: 2.5 },
  /** a gigabyte of the histories of ended runs for an hour */
  retainedGbHour: 0.00105,
} as const;

/**
 * What a month on Temporal Cloud costs, on the cheaper of its plans without a contract.
 *
 * @returns null beyond what the list prices cover
 */
export function temporalMonth({ actions, retainedGb, hours }: { actions: number; retainedGb: number; hours: number }): number | null {
  const storage = retainedGb * hours * TEMPORAL_PRICES.retainedGbHour;
  const { developerMillion, planShare, business } = TEMPORAL_PRICES;
  const developer = ((actions / 1e6) * developerMillion + storage) * (1 + planShare);
  const tiered = actionsUsd(Math.max(0, actions - business.millions * 1e6));
  if (tiered === null) return null;
  const used = tiered + storage;
  return Math.min(developer, used + Math.max(business.leastUsd, used * planShare));
}

function actionsUsd(actions: number): number | null {
  let usd = 0;
  let below = 0;
  for (const { upToMillions, usd: price } of TEMPORAL_PRICES.tiers) {
    usd += Math.max(0, Math.min(actions / 1e6, upToMillions) - below) * price;
    below = upToMillions;
  }
  return actions / 1e6 > below ? null : usd;
}

/** Coins in even batches, in their order. */
export function batchesOf<C>(coins: readonly C[], most: number): C[][] {
  const batches = Math.ceil(coins.length / most);
  return Array.from({ length: batches }, (_, i) =>
    coins.slice(Math.round((i * coins.length) / batches), Math.round(((i + 1) * coins.length) / batches)),
  );
}

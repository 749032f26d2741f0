/** The results of `work` on all items, in their order, with at most `most` at work at the same time. The first failure begins no further item. */
export async function atOnce<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  let isOver = false;
  const lane = async () => {
    while (next < items.length && !isOver) {
      const index = next++;
      try {
        results[index] = await work(items[index]);
      } catch (error) {
        isOver = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return results;
}

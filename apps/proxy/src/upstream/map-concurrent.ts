/** Maps items with at most `atOnce` calls of `work` running; results are in the order of the items. */
export async function mapConcurrent<T, R>(
  atOnce: number,
  items: readonly T[],
  work: (item: T, at: number) => Promise<R> | R,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await work(item, at);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

/** Maps items, some at once, in their order. After a failure no further one is begun. */
export async function mapAtMost<Item, Result>(
  limit: number,
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await map(items[index] as Item)
  }
  try {
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work))
  } finally {
    next = items.length
  }
  return results
}

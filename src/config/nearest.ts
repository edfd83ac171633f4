/** The candidate that was most likely meant, or undefined when none is near enough to be worth naming. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  // Longer than any name; and the distance takes time by the square.
  if (name.length > 200) return undefined
  const wanted = normalise(name)
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1
  const all = [...candidates]
  for (const candidate of all) {
    const distance = editDistance(wanted, normalise(candidate))
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best ?? all.find((candidate) => beginsAlike(wanted, normalise(candidate)))
}

/** `schema_only` for `schema_only_tables`, and the other way round. */
function beginsAlike(wanted: string, candidate: string): boolean {
  return wanted.length > 4 && candidate.length > 4 && (candidate.startsWith(wanted) || wanted.startsWith(candidate))
}

/** `Did you mean …?`, or what there is to choose from. */
export function suggestion(
  name: string,
  candidates: readonly string[],
  where = 'All that there are stand in docs/configuration.md.',
): string {
  const near = nearest(name, candidates)
  if (near !== undefined) return `Did you mean ${near}?`
  return candidates.length > 12 ? where : `Known are ${candidates.join(', ')}.`
}

function normalise(name: string): string {
  return name.toLowerCase().replaceAll('_', '-')
}

/** Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(at(previous, j) + 1, at(row, j - 1) + 1, at(previous, j - 1) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(beforePrevious, j - 2) + 1)
      row.push(cost)
    }
    ;[beforePrevious, previous] = [previous, row]
  }
  return at(previous, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}

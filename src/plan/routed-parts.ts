import { type Problem, problem } from '../errors.ts'
import type { Selection } from '../scope/scope-database.ts'
import { qualified } from '../sql/identifier.ts'
import type { ObservedPair } from './observed.ts'
import { routedTrees } from './routed-trees.ts'
import { counted, listed } from './rules/listing.ts'

/** Rows that go in at the top of their tree are all of the tree's: what was said of one partition alone couldn't be kept. */
export function routedPartProblems({ source, catalog }: ObservedPair, selections: ReadonlyMap<number, Selection>): Problem[] {
  const relations = catalog?.relations ?? []
  const routed = routedTrees(relations)
  const byOid = new Map(relations.map((relation) => [relation.oid, relation]))
  const asChosen = (oid: number) => JSON.stringify([selections.get(oid)?.rule, selections.get(oid)?.conditions])
  return [...new Set(routed.values())].flatMap((oid) => {
    const top = byOid.get(oid)
    const apart = relations.filter((part) => routed.get(part.oid) === oid && asChosen(part.oid) !== asChosen(oid))
    if (top === undefined || apart.length === 0) return []
    return problem(
      'partition-apart',
      `${counted(apart.length, 'partition')} can't be chosen apart from ${qualified(top)}: ${listed(apart.map(qualified))}.`,
      {
        hint: `Name ${qualified(top)} instead. The hash that spreads its rows differs from server to server, so that they're copied all together.`,
        database: source.name,
        relation: qualified(top),
      },
    )
  })
}

import { type Problem, problem } from '../errors.ts'
import { qualified } from '../sql/identifier.ts'
import { groupBy } from './group-by.ts'
import type { LeftOut, ScopeDatabase, ScopeDependency } from './scope-database.ts'

export interface LeavingOut {
  /** What was given, the sequences that belong to it, and views that can't be without it. */
  readonly excluded: ReadonlySet<number>
  readonly leftOut: readonly LeftOut[]
  readonly problems: readonly Problem[]
}

/**
 * What goes along when relations are excluded, all the way: whatever can be left out is; what rows need, or are guarded by, forbids it, and so
 * does a view that was asked for by its name.
 */
export function leaveOut(database: ScopeDatabase, given: ReadonlySet<number>, demanded: ReadonlySet<number>): LeavingOut {
  const byNeed = groupBy(database.dependencies, ({ on }) => on)
  const excluded = new Set(given)
  const reached = new Map<string, ScopeDependency>()
  const loose: ScopeDependency[] = []
  const refused: ScopeDependency[] = []
  const pending = [...given].map(relationAddress)
  const seen = new Set(pending)
  for (const need of pending) {
    for (const one of byNeed.get(need) ?? []) {
      const address = addressOf(one)
      if (seen.has(address)) continue
      seen.add(address)
      if (one.tie !== 'owned') reached.set(address, one)
      if (one.tie === 'firm' || (one.tie === 'loose' && isRelation(one) && demanded.has(one.oid))) refused.push(one)
      else {
        pending.push(address)
        if (isRelation(one)) excluded.add(one.oid)
        if (one.tie === 'loose') loose.push(one)
      }
    }
  }
  // What is a part of something else that goes needn't be told.
  const stays = ({ relation, ...one }: ScopeDependency) => relation === null || isRelation(one) || !excluded.has(relation)
  return {
    excluded,
    leftOut: loose.filter((one) => stays(one)),
    problems: refusals(
      database,
      refused.filter((one) => !excluded.has(one.relation ?? 0)),
      reached,
    ),
  }
}

const relationAddress = (oid: number) => `pg_class/${oid}`

function addressOf({ catalog, oid }: Pick<ScopeDependency, 'catalog' | 'oid'>): string {
  return `${catalog}/${oid}`
}

function isRelation({ catalog }: Pick<ScopeDependency, 'catalog'>): boolean {
  return catalog === 'pg_class'
}

/** One problem for each excluded relation that something can't be without. */
function refusals(database: ScopeDatabase, refused: readonly ScopeDependency[], reached: ReadonlyMap<string, ScopeDependency>): Problem[] {
  const relations = new Map(database.relations.map((relation) => [relationAddress(relation.oid), relation]))
  const chains = refused.map((one) => chainTo(one, reached))
  return [...groupBy(chains, ([first]) => first?.on)].flatMap(([root = '', ofRoot]) => {
    const relation = relations.get(root)
    if (relation === undefined) return []
    const named = [...new Set(ofRoot.slice(0, mostNamed).flatMap(inWords))].join(', and ')
    const more = ofRoot.length > mostNamed ? `, and ${ofRoot.length - mostNamed} more` : ''
    return problem('dependency-excluded', `${qualified(relation)} is left out, but ${named}${more}.`, {
      hint: 'Exclude what needs it as well, or bring it without rows: in schema-only-tables, and in include-tables if those are given.',
      database: database.name,
      relation: qualified(relation),
    })
  })
}

const mostNamed = 5

function chainTo(last: ScopeDependency, reached: ReadonlyMap<string, ScopeDependency>): ScopeDependency[] {
  const chain = [last]
  for (let before = reached.get(last.on); before !== undefined; before = reached.get(before.on)) chain.unshift(before)
  return chain
}

/** "view a needs it", "view b needs view a", … */
function inWords(chain: readonly ScopeDependency[]): string[] {
  return chain.map(({ description, needs }, index) => `${description} needs ${index === 0 ? 'it' : needs}`)
}

import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** What the target does without, since it would need a table that isn't there. */
export function leftOut({ databases }: RuleInput): (Problem | Warning)[] {
  return databases.flatMap(({ pair: { source }, leftOut }) => {
    if (leftOut.length === 0) return []
    const named = leftOut.map(({ description, needs }) => `${description} (${needs})`)
    return warning(
      'left-out',
      `${counted(named.length, 'object needs', 'objects need')} what is excluded and will be left out: ${listed(named)}.`,
      {
        database: source.name,
        hint: '`plan` lists all of them. To have them, bring what they need; without its rows: in schema-only-tables, and in include-tables if those are given.',
      },
    )
  })
}

import { type Problem, problem, type Warning } from '../../errors.ts'
import { spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** A database that we create gets the source's encoding; one that is there keeps its own, and no character may be lost or change its bytes. */
export function encodings({ databases }: RuleInput): (Problem | Warning)[] {
  return databases.flatMap(({ pair: { source, target }, action }) => {
    if (!target || action === 'create' || action === 'recreate' || target.database.encoding === source.encoding) return []
    return problem(
      'encoding-differs',
      `Database ${spelled(source.name)} is ${source.encoding} on the source, ${target.database.encoding} on the target.`,
      {
        hint: 'Drop the empty database on the target, or give drop-existing: it is then created with the encoding of the source.',
        database: source.name,
      },
    )
  })
}

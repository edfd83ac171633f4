import { type Problem, type Warning, warning } from '../../errors.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

export function tablespaces({ observed: { target }, databases }: RuleInput): (Problem | Warning)[] {
  const used = databases.flatMap(({ pair, action }) => [
    ...(pair.catalog?.tablespaces ?? []),
    ...(action === 'create' || action === 'recreate' ? [pair.source.tablespace] : []),
  ])
  const missing = [...new Set(used)]
    .filter((name) => name !== 'pg_default' && name !== 'pg_global' && !target.tablespaces.includes(name))
    .sort()
  if (missing.length === 0) return []
  return [
    warning(
      'tablespace-missing',
      `${counted(missing.length, 'tablespace')} that the target doesn't have: ${listed(missing.map((name) => spelled(name)))}.`,
      {
        hint: 'What stands in them goes to the default tablespace. To keep the layout, create them first: CREATE TABLESPACE name LOCATION folder.',
      },
    ),
  ]
}

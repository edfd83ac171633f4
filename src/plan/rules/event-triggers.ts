import { type Problem, type Warning, warning } from '../../errors.ts'
import { identifier } from '../../sql/identifier.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** https://www.postgresql.org/docs/current/sql-createeventtrigger.html: a superuser's, and no switch spares the restore from those there. */
export function eventTriggers(input: RuleInput): (Problem | Warning)[] {
  return [...toCreate(input), ...firing(input)]
}

function toCreate({ observed: { target }, databases }: RuleInput): Warning[] {
  const names = databases.flatMap(({ pair }) => pair.catalog?.eventTriggers ?? [])
  if (names.length === 0 || target.superuser) return []
  return [
    warning(
      'event-trigger',
      `${counted(names.length, 'event trigger')} of the source: ${listed(names.map((name) => spelled(name)))}. Only a superuser of the target may create them.`,
      {
        hint: 'They are left out, unless the provider lets the role create them.',
      },
    ),
  ]
}

function firing({ databases }: RuleInput): Warning[] {
  return databases.flatMap(({ pair, action }) => {
    const names = pair.target?.content?.eventTriggers ?? []
    if (names.length === 0 || (action !== 'fill' && action !== 'resume')) return []
    return warning(
      'event-trigger',
      `${counted(names.length, 'event trigger')} of the target may fire during the restore: ${listed(names.map((name) => spelled(name)))}.`,
      {
        hint: 'Disable them until it is done.',
        sql: names.map((name) => `ALTER EVENT TRIGGER ${identifier(name)} DISABLE;`).join('\n'),
        database: pair.source.name,
      },
    )
  })
}

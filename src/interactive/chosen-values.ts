import type { TimeWindow } from '../config/config.ts'
import type { Given } from '../config/parse.ts'
import { spellName, spellTable } from '../scope/spell-name.ts'
import type { Chosen } from './answers.ts'

/** The answers as the flags that would have given them, to be parsed like those. What nothing was chosen for is absent. */
export function chosenValues(chosen: readonly Chosen[]): Record<string, readonly string[]> {
  const named = (key: 'excluded' | 'schemaOnly') =>
    chosen.flatMap((one) => one[key].map((table) => `${spellName(one.database.name)}.${spellTable(table)}`))
  const lists = {
    'include-databases': chosen.map(({ database }) => spellName(database.name)),
    'exclude-tables': named('excluded'),
    'schema-only-tables': named('schemaOnly'),
    'time-filters': chosen.flatMap(({ database, limited }) =>
      limited.map(({ table, column, window }) =>
        [`${spellName(database.name)}.${spellTable(table)}`, spellName(column), windowText(window)].join(':'),
      ),
    ),
  } satisfies Given['values']
  return Object.fromEntries(Object.entries(lists).filter(([, items]) => items.length > 0))
}

/** `6 months`. */
export function windowText({ count, unit }: TimeWindow): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

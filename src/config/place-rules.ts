import type { NamedDatabase, TableReference } from './config.ts'
import type { InputValues } from './input-values.ts'
import { type InputName, inputNamed } from './schema.ts'

export type Locate = (path: readonly PropertyKey[]) => TableReference['position']

const databaseLists = ['include-databases', 'exclude-databases'] as const
const tableLists = ['include-tables', 'exclude-tables', 'schema-only-tables'] as const
const filterLists = ['table-filters', 'time-filters'] as const

/** Rules at the top of the file, each with its place, which tells them from the entry's. `raw`: as the file has them. */
export function placeRules(values: Partial<InputValues>, raw: (name: InputName) => unknown, locate: Locate): Partial<InputValues> {
  const placed = <T>(name: InputName, rules: readonly T[] | undefined, place: (rule: T, at: object) => T) => {
    if (rules === undefined) return {}
    const places = placesOf(name, raw(name), locate)
    return { [name]: rules.map((rule, index) => place(rule, places[index] ?? {})) }
  }
  return {
    ...values,
    ...Object.assign(
      {},
      ...databaseLists.map((name) => placed<NamedDatabase>(name, values[name], (one, at) => ({ ...one, ...at }))),
      ...tableLists.map((name) => placed<TableReference>(name, values[name], (one, at) => ({ ...one, ...at }))),
      ...filterLists.map((name) =>
        placed<{ readonly table: TableReference }>(name, values[name], (one, at) => ({ ...one, table: { ...one.table, ...at } })),
      ),
    ),
  }
}

/** One of each rule: an item of the file may hold several, in lines or between commas. */
function placesOf(name: InputName, given: unknown, locate: Locate): { readonly position?: TableReference['position'] }[] {
  const key = name.replaceAll('-', '_')
  const items: readonly unknown[] = Array.isArray(given) ? given : [given]
  return items.flatMap((item, index) => {
    const position = locate(Array.isArray(given) ? [key, index] : [key])
    const rules = inputNamed(name).split?.(String(item)) ?? []
    return rules.map(() => (position === undefined ? {} : { position }))
  })
}

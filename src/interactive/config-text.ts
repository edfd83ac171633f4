import { spellName, spellTable } from '../scope/spell-name.ts'
import { toolName } from '../version.ts'
import type { Chosen } from './answers.ts'
import { windowText } from './chosen-values.ts'

/** The answers as a config file: read again, it means the same. */
export function configText(chosen: readonly Chosen[]): string {
  const databases = chosen.map(({ database }) => spellName(database.name))
  return [
    `# What ${toolName} replicates, as chosen on a terminal. Used with --config, or as the input config of the action.`,
    '# Connection URLs and passwords never stand here: they are taken from SEREN_SOURCE_URL and SEREN_TARGET_URL.',
    '',
    ...list('include_databases', databases),
    ...chosen.flatMap(section),
    '',
  ].join('\n')
}

function section({ database, excluded, schemaOnly, limited }: Chosen): string[] {
  const path = `databases.${key(database.name)}`
  const lists = [
    ...(excluded.length === 0 ? [] : ['# Left out, structure and rows.', ...list('exclude_tables', excluded.map(spellTable))]),
    ...(schemaOnly.length === 0 ? [] : ['# Structure without rows.', ...list('schema_only', schemaOnly.map(spellTable))]),
  ]
  return [
    ...(lists.length === 0 ? [] : ['', `[${path}]`, ...lists]),
    ...limited.flatMap(({ table, column, window }) => [
      '',
      `[[${path}.time_filters]]`,
      `table = ${quoted(spellTable(table))}`,
      `column = ${quoted(spellName(column))}`,
      `last = ${quoted(windowText(window))}`,
    ]),
  ]
}

function list(name: string, items: readonly string[]): string[] {
  return [`${name} = [`, ...items.map((item) => `  ${quoted(item)},`), ']']
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : quoted(name)
}

/** https://toml.io/en/v1.0.0#string: as in JSON, but that DEL is a control character too; and none of what could drive a terminal. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/g,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

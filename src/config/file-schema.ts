import { z } from 'zod'
import type { NamePart, ScopeRules, TableFilter, TableReference, TimeFilter } from './config.ts'
import { parsePredicate, timeFilter } from './filters.ts'
import { guarded, refuseNothing } from './input-kinds.ts'
import type { InputValues } from './input-values.ts'
import { InvalidValue } from './invalid-value.ts'
import { type Locate, placeRules } from './place-rules.ts'
import { parseTimeWindow } from './quantities.ts'
import { type InputName, inputNamed, inputNames } from './schema.ts'
import { parseParts, parseTableReference } from './table-reference.ts'

/** What the config file says, by the inputs' own names, and its rules per database. */
export interface FileValues {
  readonly values: Partial<InputValues>
  readonly scope: FileScope
}

export type FileScope = Omit<ScopeRules, 'includeDatabases' | 'excludeDatabases' | 'followForeignKeys'>

const table = z.string().transform(guarded((text: string) => parseTableReference(text, { database: '' })))
const schema = z.string().transform(guarded(parseSchemaName)).optional()

const tableFilterEntry = z
  .strictObject({ table, schema, where: z.string().transform(guarded(parsePredicate)) })
  .transform(guarded(({ table, schema, where }) => ({ table: filteredTable(table, schema), predicate: where })))

const timeFilterEntry = z
  .strictObject({ table, schema, column: z.string(), last: z.string().transform(guarded(parseTimeWindow)) })
  .transform(guarded(({ table, schema, column, last }) => timeFilter(filteredTable(table, schema), column, last)))

const tables = z.array(table)
const someTables = tables.transform(guarded((found: TableReference[]) => (found.length === 0 ? refuseNothing() : found)))

const databaseSection = z.strictObject({
  include_tables: someTables.optional().describe('Tables to replicate, as `[schema.]table`.'),
  exclude_tables: tables.optional().describe('Tables to leave out.'),
  schema_only: tables.optional().describe('Tables whose structure is wanted without their rows.'),
  table_filters: z.array(tableFilterEntry).optional().describe('Rows to replicate: `table`, `schema` (optional), `where`.'),
  time_filters: z.array(timeFilterEntry).optional().describe('Rows younger than a window: `table`, `schema` (optional), `column`, `last`.'),
})

type DatabaseSection = z.output<typeof databaseSection>

/** The inputs in snake_case, and a section per database. */
export const fileSchema = z.strictObject({
  ...Object.fromEntries(
    fileInputNames().map((name) => [snakeCase(name), inputNamed(name).schema.optional().describe(inputNamed(name).description)]),
  ),
  databases: z.record(z.string(), databaseSection).optional().describe('Rules per database, by its name.'),
})

export function fileInputNames(): InputName[] {
  return inputNames.filter((name) => inputNamed(name).notInFile !== true)
}

export function snakeCase(name: string): string {
  return name.replaceAll('-', '_')
}

/** Takes apart what fileSchema made of a file. */
export function toFileValues(parsed: z.output<typeof fileSchema>, raw: Readonly<Record<string, unknown>>, locate: Locate): FileValues {
  const { databases = {}, ...rest } = parsed
  const values = Object.fromEntries(
    fileInputNames()
      .map((name) => [name, (rest as Record<string, unknown>)[snakeCase(name)]])
      .filter(([, value]) => value !== undefined),
  )
  const sections = Object.entries(databases).map(([database, section]) => placed(database, section, locate))
  return {
    values: placeRules(values as Partial<InputValues>, (name) => raw[snakeCase(name)], locate),
    scope: {
      includeTables: sections.flatMap((section) => section.includeTables),
      excludeTables: sections.flatMap((section) => section.excludeTables),
      schemaOnlyTables: sections.flatMap((section) => section.schemaOnlyTables),
      tableFilters: sections.flatMap((section) => section.tableFilters),
      timeFilters: sections.flatMap((section) => section.timeFilters),
    },
  }
}

/** The parsers don't know in which section they are; this does. */
function placed(database: string, section: DatabaseSection, locate: Locate): FileScope {
  const place = (table: TableReference, ...path: PropertyKey[]): TableReference => {
    const position = locate(['databases', database, ...path])
    return { ...table, database, ...(position === undefined ? {} : { position }) }
  }
  const list = (key: 'include_tables' | 'exclude_tables' | 'schema_only') =>
    (section[key] ?? []).map((table, index) => place(table, key, index))
  return {
    includeTables: list('include_tables'),
    excludeTables: list('exclude_tables'),
    schemaOnlyTables: list('schema_only'),
    tableFilters: (section.table_filters ?? []).map((one: TableFilter, index) => ({
      ...one,
      table: place(one.table, 'table_filters', index),
    })),
    timeFilters: (section.time_filters ?? []).map((one: TimeFilter, index) => ({ ...one, table: place(one.table, 'time_filters', index) })),
  }
}

function parseSchemaName(text: string): NamePart {
  const [part, ...more] = parseParts(text)
  if (part === undefined || more.length > 0)
    throw new InvalidValue(`${text} is not the name of one schema`, { hint: 'Quote a name that holds a dot.' })
  return part
}

function filteredTable(reference: TableReference, schema: NamePart | undefined): TableReference {
  if (schema === undefined) return reference
  const [first, second] = reference.parts
  if (second !== undefined && first?.text !== schema.text)
    throw new InvalidValue(`the table ${reference.text} names another schema than ${schema.text}`)
  return {
    ...reference,
    text: second === undefined ? `${schema.text}.${reference.text}` : reference.text,
    parts: [schema, ...reference.parts.slice(-1)],
  }
}

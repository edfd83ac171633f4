import { z } from 'zod'
import type { ScopeRules, TableFilter, TableReference, TimeFilter } from './config.ts'
import { tableFilter, timeFilter } from './filters.ts'
import { guarded, refuseEmpty } from './input-kinds.ts'
import { InvalidValue } from './invalid-value.ts'
import { type Locate, placeRules } from './place-rules.ts'
import { parseTimeWindow } from './quantities.ts'
import { type InputName, inputNamed, inputNames, type inputs } from './schema.ts'
import { parseParts, parseTableReference } from './table-reference.ts'

/** What the config file says, by the inputs' own names, and its rules per database. */
export interface FileValues {
  readonly values: Partial<InputValues>
  readonly scope: FileScope
}

export type InputValues = { readonly [name in InputName]: z.output<(typeof inputs)[name]['schema']> }
export type FileScope = Omit<ScopeRules, 'includeDatabases' | 'excludeDatabases' | 'followForeignKeys'>

const tables = z.array(z.string().transform(guarded((text: string) => parseTableReference(text, { database: '' }))))

const someTables = tables.transform(guarded(refuseEmpty<TableReference>))

const tableFilterEntry = z
  .strictObject({
    table: z.string(),
    schema: z.string().optional(),
    where: z.string(),
  })
  .transform(guarded(({ table, schema, where }) => tableFilter(filteredTable(table, schema), where)))

const timeFilterEntry = z
  .strictObject({
    table: z.string(),
    schema: z.string().optional(),
    column: z.string(),
    last: z.string().transform(guarded(parseTimeWindow)),
  })
  .transform(guarded(({ table, schema, column, last }) => timeFilter(filteredTable(table, schema), column, last)))

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

function filteredTable(table: string, schema: string | undefined): TableReference {
  const reference = parseTableReference(table, { database: '' })
  if (schema === undefined) return reference
  const [part, ...more] = parseParts(schema)
  if (part === undefined || more.length > 0)
    throw new InvalidValue(`${schema} is not the name of one schema`, { hint: 'Quote a name that holds a dot.' })
  const [first, second] = reference.parts
  if (second !== undefined && first?.text !== part.text) throw new InvalidValue(`the table ${table} names another schema than ${schema}`)
  return {
    ...reference,
    text: second === undefined ? `${schema}.${reference.text}` : reference.text,
    parts: [part, ...reference.parts.slice(-1)],
  }
}

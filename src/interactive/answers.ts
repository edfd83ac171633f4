import type { TimeWindow } from '../config/config.ts'
import type { Offer, OfferedDatabase, OfferedTable } from './offer.ts'

/** All that was answered so far. What a changed answer makes pointless is kept, should it be changed back. */
export interface Answers {
  /** Names of the databases that are replicated. */
  readonly databases: ReadonlySet<string>
  /** Where there are many: those of which not everything is wanted. */
  readonly partial: ReadonlySet<string>
  readonly tables: ReadonlyMap<string, TableAnswers>
}

/** Of one database, tables by oid. */
export interface TableAnswers {
  readonly excluded: ReadonlySet<number>
  readonly schemaOnly: ReadonlySet<number>
  readonly limited: ReadonlySet<number>
  readonly columns: ReadonlyMap<number, string>
  readonly windows: ReadonlyMap<number, TimeWindow>
}

/** Before the first question: everything. */
export function everything({ databases }: Offer): Answers {
  return { databases: new Set(databases.map(({ name }) => name)), partial: new Set(), tables: new Map() }
}

export function tableAnswers({ tables }: Answers, database: string): TableAnswers {
  return tables.get(database) ?? none
}

/** Up to so many databases, each one's tables are asked about at once. */
const fewDatabases = 3

export function hasMany({ databases }: Answers): boolean {
  return databases.size > fewDatabases
}

/** Whether its tables are in question; else all of them come. */
export function isInQuestion(answers: Answers, database: string): boolean {
  return answers.databases.has(database) && (!hasMany(answers) || answers.partial.has(database))
}

export function withTables(answers: Answers, database: string, changed: Partial<TableAnswers>): Answers {
  return { ...answers, tables: new Map([...answers.tables, [database, { ...tableAnswers(answers, database), ...changed }]]) }
}

const none: TableAnswers = { excluded: new Set(), schemaOnly: new Set(), limited: new Set(), columns: new Map(), windows: new Map() }

/** What the answers come to for one database. */
export interface Chosen {
  readonly database: OfferedDatabase
  readonly excluded: readonly OfferedTable[]
  readonly schemaOnly: readonly OfferedTable[]
  readonly limited: readonly { readonly table: OfferedTable; readonly column: string; readonly window: TimeWindow }[]
}

/** Each table has one lot: what is left out can't be limited. */
export function chosenOf({ databases }: Offer, answers: Answers): Chosen[] {
  return databases
    .filter(({ name }) => answers.databases.has(name))
    .map((database) => {
      const { excluded, schemaOnly, limited, columns, windows } = isInQuestion(answers, database.name)
        ? tableAnswers(answers, database.name)
        : none
      const kept = database.tables.filter(({ oid }) => !excluded.has(oid))
      return {
        database,
        excluded: database.tables.filter(({ oid }) => excluded.has(oid)),
        schemaOnly: kept.filter(({ oid }) => schemaOnly.has(oid)),
        limited: kept
          .filter(({ oid }) => limited.has(oid) && !schemaOnly.has(oid))
          .flatMap((table) => {
            const column = columnOf(table, columns)
            const window = windows.get(table.oid)
            return column === undefined || window === undefined ? [] : [{ table, column, window }]
          }),
      }
    })
}

/** The only one needs no question. */
export function columnOf({ oid, dated }: OfferedTable, columns: TableAnswers['columns']): string | undefined {
  return columns.get(oid) ?? (dated.length === 1 ? dated[0] : undefined)
}

import { InvalidValue } from '../config/invalid-value.ts'
import { parseTimeWindow } from '../config/quantities.ts'
import { formatBytes, formatEstimate, plural } from '../report/format.ts'
import { displayName, displayPart } from '../report/names.ts'
import { type Answers, hasMany, isInQuestion, tableAnswers, withTables } from './answers.ts'
import { windowText } from './chosen-values.ts'
import type { Offer, OfferedDatabase, OfferedTable } from './offer.ts'
import type { Question, QuestionItem } from './question.ts'

/** All questions that the answers so far lead to, in their order: what comes before one never depends on its answer. */
export function questionsOf(offer: Offer, answers: Answers): Question[] {
  const inQuestion = offer.databases.filter(({ name }) => isInQuestion(answers, name))
  return [
    aboutDatabases(offer, answers),
    ...(hasMany(answers) ? [aboutParts(offer, answers)] : []),
    ...inQuestion.flatMap((database) => aboutTables(database, answers)),
  ]
}

/** Who wants all of twenty databases needn't say so sixty times. */
function aboutParts(offer: Offer, answers: Answers): Question {
  const databases = offer.databases.filter(({ name }) => answers.databases.has(name))
  return {
    type: 'many',
    title: 'Databases of which only a part is wanted',
    none: 'none, all of each',
    items: databases.map(databaseItem),
    chosen: indexes(databases, ({ name }) => answers.partial.has(name)),
    refuse: () => undefined,
    answer: (chosen) => ({ ...answers, partial: new Set(databases.filter((_, index) => chosen.has(index)).map(({ name }) => name)) }),
  }
}

function aboutDatabases({ databases }: Offer, answers: Answers): Question {
  return {
    type: 'many',
    title: 'Databases to replicate',
    none: 'none: choose at least one',
    items: databases.map(databaseItem),
    chosen: indexes(databases, ({ name }) => answers.databases.has(name)),
    refuse: (chosen) =>
      chosen.size === 0 ? 'Nothing is chosen, and nothing would be replicated: choose at least one database.' : undefined,
    answer: (chosen) => ({ ...answers, databases: new Set(databases.filter((_, index) => chosen.has(index)).map(({ name }) => name)) }),
  }
}

function aboutTables(database: OfferedDatabase, answers: Answers): Question[] {
  const answered = tableAnswers(answers, database.name)
  const { excluded, schemaOnly, limited } = answered
  const name = displayPart(database.name)
  const kept = database.tables.filter(({ oid }) => !excluded.has(oid))
  const full = kept.filter(({ oid }) => !schemaOnly.has(oid))
  const tables = (key: 'excluded' | 'schemaOnly' | 'limited', title: string, none: string, offered: readonly OfferedTable[]): Question[] =>
    offered.length === 0
      ? []
      : [
          {
            ...{ type: 'many' as const, title, none },
            items: offered.map(tableItem),
            chosen: indexes(offered, ({ oid }) => answered[key].has(oid)),
            refuse: () => undefined,
            answer: (chosen: ReadonlySet<number>) => withTables(answers, database.name, { [key]: amended(answered[key], offered, chosen) }),
          },
        ]
  return [
    ...tables('excluded', `${name}: tables to leave out`, 'none, all are replicated', database.tables),
    ...tables('schemaOnly', `${name}: tables to create without rows`, 'none', kept),
    ...tables(
      'limited',
      `${name}: tables of which only the latest rows are wanted`,
      'none',
      full.filter(({ dated }) => dated.length > 0),
    ),
    ...full.filter(({ oid }) => limited.has(oid)).flatMap((table) => aboutWindow(database, table, answers)),
  ]
}

/** What isn't in question now keeps its answer. */
function amended(before: ReadonlySet<number>, offered: readonly OfferedTable[], chosen: ReadonlySet<number>): ReadonlySet<number> {
  const others = [...before].filter((oid) => !offered.some((table) => table.oid === oid))
  return new Set([...others, ...offered.filter((_, index) => chosen.has(index)).map(({ oid }) => oid)])
}

function aboutWindow({ name }: OfferedDatabase, table: OfferedTable, answers: Answers): Question[] {
  const { columns, windows } = tableAnswers(answers, name)
  const { oid, dated } = table
  const title = `${displayPart(name)}: ${displayName(table)}`
  const window = windows.get(oid)
  const column: Question = {
    type: 'one',
    title: `${title}: the column that tells a row's time`,
    items: dated.map((one) => ({ name: displayPart(one), details: [] })),
    chosen: Math.max(0, dated.indexOf(columns.get(oid) ?? '')),
    answer: (index) => withTables(answers, name, { columns: new Map([...columns, [oid, dated[index] ?? '']]) }),
  }
  const age: Question = {
    type: 'text',
    title: `${title}: how far back`,
    hint: 'like 6 months, 90 days, 1 year',
    initial: window === undefined ? '' : windowText(window),
    refuse: refusalOf(parseTimeWindow),
    answer: (text) => withTables(answers, name, { windows: new Map([...windows, [oid, parseTimeWindow(text)]]) }),
  }
  return dated.length > 1 ? [column, age] : [age]
}

/** What a parser has against a text, in its own words. */
export function refusalOf(parse: (text: string) => unknown): (text: string) => string | undefined {
  return (text) => {
    try {
      parse(text)
      return undefined
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error
      return [error.message, error.hint].filter((one) => one !== undefined).join('. ')
    }
  }
}

function databaseItem({ name, bytes, tables }: OfferedDatabase): QuestionItem {
  return { name: displayPart(name), details: [formatBytes(bytes), plural(tables.length, 'table')] }
}

function tableItem({ schema, name, bytes, rows }: OfferedTable): QuestionItem {
  return { name: displayName({ schema, name }), details: [formatBytes(bytes), `${formatEstimate(rows)} rows`] }
}

function indexes<T>(items: readonly T[], isChosen: (item: T) => boolean): ReadonlySet<number> {
  return new Set(items.flatMap((item, index) => (isChosen(item) ? [index] : [])))
}

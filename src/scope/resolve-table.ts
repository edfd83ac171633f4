import type { NamePart, TableReference } from '../config/config.ts'
import { nearest } from '../config/nearest.ts'
import { type Problem, problem } from '../errors.ts'
import { isPattern, matches } from './pattern.ts'
import { spellName, spellTable } from './spell-name.ts'

/** A relation as far as its selection depends on it. */
export interface SelectableRelation {
  readonly oid: number
  readonly schema: string
  readonly name: string
}

export interface SelectableDatabase<R extends SelectableRelation = SelectableRelation> {
  readonly name: string
  readonly relations: readonly R[]
}

export interface Match {
  readonly database: string
  readonly oid: number
}

export interface Resolution {
  readonly matches: readonly Match[]
  /** The databases that the reference speaks of; null: any. A rule for one of them says nothing about the others. */
  readonly databases: ReadonlySet<string> | null
  readonly problem: Problem | null
}

interface Reading {
  readonly database: NamePart | null
  readonly schema: NamePart
  readonly table: NamePart
}

/**
 * The relations that a reference means. Two parts are `schema.table` if the databases in scope have it, `database.table` if that exists,
 * and ambiguous if both do. `others`: the source's databases that aren't in scope, of which nothing more is known.
 */
export function resolveTable(reference: TableReference, databases: readonly SelectableDatabase[], others: readonly string[]): Resolution {
  const readings = readingsOf(reference)
  const [found, foundOtherwise] = readings.map((reading) => find(reading, databases))
  const chosen = choose(reference, found ?? [], foundOtherwise ?? [])
  if (chosen === 'ambiguous') return { matches: [], databases: null, problem: ambiguous(reference, found ?? [], databases) }
  const reading = chosen === foundOtherwise ? readings[1] : readings[0]
  const named = databasesOf(reading, [...databases.map(({ name }) => name), ...others])
  if (chosen.length > 0) return { matches: chosen, databases: named, problem: null }
  return nothing(reference, readings, databases, others)
}

function readingsOf({ parts, database }: TableReference): Reading[] {
  const [first, second, third] = parts as readonly [NamePart, NamePart?, NamePart?]
  const section = database === undefined ? null : { text: database, quoted: true }
  if (third !== undefined && second !== undefined) return [{ database: first, schema: second, table: third }]
  if (second === undefined) return [{ database: section, schema: inPublic, table: first }]
  const schemaFirst = { database: section, schema: first, table: second }
  return section === null ? [schemaFirst, { database: first, schema: inPublic, table: second }] : [schemaFirst]
}

const inPublic: NamePart = { text: 'public', quoted: true }

function find({ database, schema, table }: Reading, databases: readonly SelectableDatabase[]): Match[] {
  return databases
    .filter(({ name }) => database === null || matches(database, name))
    .flatMap(({ name, relations }) =>
      relations.filter((one) => matches(schema, one.schema) && matches(table, one.name)).map(({ oid }) => ({ database: name, oid })),
    )
}

/** Both readings may mean the same tables; and `*.t` as a pattern of schemas covers what it means as a pattern of databases. */
function choose(reference: TableReference, bySchema: Match[], byDatabase: Match[]): Match[] | 'ambiguous' {
  if (byDatabase.length === 0) return bySchema
  if (bySchema.length === 0) return byDatabase
  const keys = new Set(bySchema.map(keyOf))
  const covered = byDatabase.every((one) => keys.has(keyOf(one)))
  const [first] = reference.parts
  const pattern = first !== undefined && isPattern(first)
  return covered && (pattern || byDatabase.length === bySchema.length) ? bySchema : 'ambiguous'
}

const keyOf = ({ database, oid }: Match) => `${oid} ${database}`

function databasesOf(reading: Reading | undefined, names: readonly string[]): ReadonlySet<string> | null {
  const part = reading?.database
  return part == null ? null : new Set(names.filter((name) => matches(part, name)))
}

function ambiguous({ text, parts, position }: TableReference, found: readonly Match[], databases: readonly SelectableDatabase[]): Problem {
  const [first = '', second = ''] = parts.map((part) => (isPattern(part) ? part.text : spellName(part.text)))
  const one = databases.find(({ name }) => name === found[0]?.database)?.name
  const inSchema = `${one === undefined ? first : spellName(one)}.${first}.${second}`
  return problem('table-ambiguous', `${text} is both a table in schema ${first} and one in schema public of database ${first}.`, {
    hint: `Write all three parts: ${inSchema} or ${first}.public.${second}.`,
    ...(position === undefined ? {} : { position }),
  })
}

/** A rule for a database that isn't in scope this time isn't a mistake: a workflow gives the same rules to each of its legs. */
function nothing(
  reference: TableReference,
  readings: readonly Reading[],
  databases: readonly SelectableDatabase[],
  others: readonly string[],
): Resolution {
  const { text, position, database } = reference
  const elsewhere = readings.map((reading) => databasesOf(reading, others)).find((names) => names !== null && names.size > 0)
  if (elsewhere !== undefined && elsewhere !== null) return { matches: [], databases: elsewhere, problem: null }
  const where = position === undefined ? {} : { position }
  if (database !== undefined && !databases.some(({ name }) => name === database)) {
    const near = nearest(database, [...databases.map(({ name }) => name), ...others])
    const hint =
      near === undefined ? `Databases are ${[...databases.map(({ name }) => name), ...others].join(', ')}.` : `Did you mean ${near}?`
    return {
      matches: [],
      databases: null,
      problem: problem('database-unknown', `The source has no database ${database}.`, { hint, ...where }),
    }
  }
  const hint = nearTables(reference, databases)
  return {
    matches: [],
    databases: null,
    problem: problem(
      'table-unknown',
      `No table of the databases in scope ${reference.parts.some(isPattern) ? 'matches' : 'is called'} ${text}.`,
      { hint, ...where },
    ),
  }
}

/** The same name in another schema is the most likely one to be meant, and then a similar name. */
function nearTables({ parts }: TableReference, databases: readonly SelectableDatabase[]): string {
  const table = parts.at(-1)?.text ?? ''
  const all = databases.flatMap(({ relations }) => relations)
  const same = [...new Set(all.filter(({ name }) => name === table).map(spellTable))]
  // Compared as they are, told as they'd be written.
  const candidates = new Map(
    parts.length === 1
      ? all.filter(({ schema }) => schema === 'public').map(({ name }) => [name, spellName(name)])
      : all.map((one) => [`${one.schema}.${one.name}`, spellTable(one)]),
  )
  const wanted = parts
    .slice(-2)
    .map(({ text }) => text)
    .join('.')
  const near =
    same.length > 0 ? same.slice(0, 3) : [candidates.get(nearest(wanted, candidates.keys()) ?? '')].filter((one) => one !== undefined)
  if (near.length > 0) return `Did you mean ${near.join(' or ')}?`
  return parts.length === 1
    ? 'One part means schema public; write schema.table for another one.'
    : 'See the tables with `plan` without table rules.'
}

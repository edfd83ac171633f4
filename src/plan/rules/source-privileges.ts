import { type Problem, problem, type Warning } from '../../errors.ts'
import { identifier, qualified } from '../../sql/identifier.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'
import { place, relationNames, relationsOf, type ScopedRelation } from './scoped.ts'

/** More than this many are granted schema by schema. */
const namedInSql = 10

/** pg_dump locks each table that it dumps, rows or not, and a lock needs SELECT. */
export function sourcePrivileges(input: RuleInput): (Problem | Warning)[] {
  const { user } = input.observed.source
  return input.databases.flatMap(
    (database) =>
      refusal(database, user) ?? [
        ...closedSchemas(database, user),
        ...unreadableTables(input, database, user),
        ...unreadableSequences(database, user),
      ],
  )
}

function refusal({ pair: { source } }: ScopedDatabase, user: string): Problem[] | null {
  if (source.allowConnections && source.canConnect) return null
  const name = identifier(source.name)
  return [
    problem('privilege-missing', `Role ${spelled(user)} may not connect to database ${spelled(source.name)} of the source.`, {
      hint: 'Grant it, or leave the database out with exclude-databases.',
      sql: source.allowConnections
        ? `GRANT CONNECT ON DATABASE ${name} TO ${identifier(user)};`
        : `ALTER DATABASE ${name} ALLOW_CONNECTIONS true;`,
      database: source.name,
    }),
  ]
}

function closedSchemas(database: ScopedDatabase, user: string): Problem[] {
  const { pair, tables } = database
  const excluded = (schema: string) => {
    const rules = tables.filter(({ relation }) => relation.schema === schema)
    return rules.length > 0 && rules.every(({ rule }) => rule === 'excluded')
  }
  const closed = (pair.catalog?.closedSchemas ?? []).filter((schema) => !excluded(schema))
  if (closed.length === 0) return []
  return [
    problem(
      'privilege-missing',
      `Role ${spelled(user)} may not use ${counted(closed.length, 'schema')} of the source: ${listed(closed.map((name) => spelled(name)))}.`,
      {
        hint: `Grant it in database ${spelled(pair.source.name)}, or leave the tables out with exclude-tables.`,
        sql: `GRANT USAGE ON SCHEMA ${closed.map(identifier).join(', ')} TO ${identifier(user)};`,
        database: pair.source.name,
      },
    ),
  ]
}

function unreadableTables(input: RuleInput, database: ScopedDatabase, user: string): Problem[] {
  const tables = relationsOf(database, 'table', 'partitioned').filter(({ relation }) => !relation.canSelect)
  if (tables.length === 0) return []
  return [
    problem(
      'privilege-missing',
      `Role ${spelled(user)} may not read ${counted(tables.length, 'table')} of the source: ${listed(relationNames(input, tables))}.`,
      {
        hint: `Grant it in database ${spelled(database.pair.source.name)}, or leave the tables out with exclude-tables.`,
        sql: grantSelect('TABLE', tables.map(relationOf), user),
        ...place(tables),
      },
    ),
  ]
}

function unreadableSequences({ pair, tables }: ScopedDatabase, user: string): Problem[] {
  const left = new Set(tables.filter(({ rule }) => rule === 'excluded').map(({ relation }) => qualified(relation)))
  const sequences = (pair.catalog?.unreadableSequences ?? []).filter((one) => !left.has(qualified(one)))
  if (sequences.length === 0) return []
  const names = sequences.map(({ schema, name }) => spelled(schema, name))
  return [
    problem(
      'privilege-missing',
      `Role ${spelled(user)} may not read ${counted(sequences.length, 'sequence')} of the source: ${listed(names)}.`,
      {
        hint: `Grant it in database ${spelled(pair.source.name)}; without it a sequence would start anew on the target.`,
        sql: grantSelect('SEQUENCE', sequences, user),
        database: pair.source.name,
      },
    ),
  ]
}

function grantSelect(
  kind: 'TABLE' | 'SEQUENCE',
  relations: readonly { readonly schema: string; readonly name: string }[],
  user: string,
): string {
  const schemas = [...new Set(relations.map(({ schema }) => schema))]
  const objects =
    relations.length > namedInSql
      ? `ALL ${kind}S IN SCHEMA ${schemas.map(identifier).join(', ')}`
      : `${kind} ${relations.map(qualified).join(', ')}`
  return `GRANT SELECT ON ${objects} TO ${identifier(user)};`
}

function relationOf({ relation }: ScopedRelation): { readonly schema: string; readonly name: string } {
  return relation
}

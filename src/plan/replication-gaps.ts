import type { ScopeRules } from '../config/config.ts'
import { type Warning, warning } from '../errors.ts'
import type { RelationName } from '../events.ts'
import { selectTables } from '../scope/selection.ts'
import { qualified } from '../sql/identifier.ts'
import type { DriftedTable, ReplicationGaps } from './replication-reading.ts'
import type { ReplicatedTable } from './replication-state.ts'
import { counted, listed, spelled } from './rules/listing.ts'

export interface SourceTable extends RelationName {
  readonly oid: number
  readonly kind: 'table' | 'partitioned'
  readonly parents: readonly number[]
  readonly isPartition: boolean
  readonly partOf: number | null
  readonly extensionData: null
  readonly unlogged: boolean
}

export interface TableColumns extends RelationName {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

export interface GapsInput {
  readonly rules: ScopeRules
  readonly database: string
  /** The source's others. */
  readonly others: readonly string[]
  readonly tables: readonly SourceTable[]
  readonly replicated: readonly ReplicatedTable[]
  /** Of the tables published for updates. */
  readonly keyless: readonly RelationName[]
  /** Of the replicated tables, on either side. */
  readonly columns: { readonly source: readonly TableColumns[]; readonly target: readonly TableColumns[] }
}

/** What changed on the source since replication was prepared, or was left out of it. */
export function findGaps(input: GapsInput): ReplicationGaps {
  return { missing: missingTables(input), drifted: driftedTables(input), keyless: input.keyless }
}

/** A partition is replicated where its top is. Unlogged tables never are. Those of which replication knows are told of by their state. */
function missingTables({ rules, database, others, tables, replicated }: GapsInput): RelationName[] {
  const known = new Set(replicated.map(keyOf))
  const byOid = new Map(tables.map((table) => [table.oid, table]))
  const isKnown = (table: SourceTable | undefined): boolean =>
    table !== undefined && (known.has(keyOf(table)) || (table.isPartition && isKnown(byOid.get(table.parents[0] ?? 0))))
  const scope = selectTables(rules, [{ name: database, relations: tables, dependencies: [], foreignKeys: [] }], others)
  const selections = scope.databases.get(database)
  return tables
    .filter(({ oid, kind, unlogged }) => {
      const rule = selections?.get(oid)?.rule
      return kind === 'table' && !unlogged && (rule === 'full' || rule === 'filtered')
    })
    .filter((table) => !isKnown(table))
    .map(({ schema, name }) => ({ schema, name }))
}

function driftedTables({ columns: { source, target } }: GapsInput): DriftedTable[] {
  const onTarget = new Map(target.map((one) => [keyOf(one), one.columns]))
  return source.flatMap((table) => {
    const there = onTarget.get(keyOf(table))
    const differences = there === undefined ? ['the table is missing on the target'] : columnDifferences(table.columns, there)
    return differences.length === 0 ? [] : [{ schema: table.schema, name: table.name, differences }]
  })
}

function columnDifferences(source: TableColumns['columns'], target: TableColumns['columns']): string[] {
  const onTarget = new Map(target.map(({ name, type }) => [name, type]))
  const onSource = new Set(source.map(({ name }) => name))
  return [
    ...source.flatMap(({ name, type }) => {
      const there = onTarget.get(name)
      if (there === undefined) return [`column ${spelled(name)} is missing on the target`]
      return there === type ? [] : [`column ${spelled(name)} is ${type} on the source, ${there} on the target`]
    }),
    ...target.filter(({ name }) => !onSource.has(name)).map(({ name }) => `column ${spelled(name)} is missing on the source`),
  ]
}

export function gapWarnings(database: string, { missing, drifted, keyless }: ReplicationGaps): Warning[] {
  const names = missing.map(({ schema, name }) => spelled(schema, name))
  return [
    ...(names.length === 0
      ? []
      : [
          warning('table-not-replicated', `${counted(names.length, 'table')} of the source not replicated: ${listed(names)}.`, {
            database,
            hint: '`sync` with `add-tables` brings in new ones. Those that can’t be published need a primary key, or another `replica-identity`.',
          }),
        ]),
    ...(keyless.length === 0 ? [] : [keylessWarning(database, keyless)]),
    ...drifted.slice(0, mostDrifted).map((one) =>
      warning('columns-drifted', `${spelled(one.schema, one.name)}: ${listed(one.differences)}.`, {
        database,
        hint: 'Make the same change on the target: definitions aren’t replicated.',
      }),
    ),
  ]
}

function keylessWarning(database: string, tables: readonly RelationName[]): Warning {
  const names = listed(tables.map(({ schema, name }) => spelled(schema, name)))
  return warning('replica-identity', `Updates and deletes of ${counted(tables.length, 'table')} fail on the source: ${names}.`, {
    database,
    hint: 'They are published, and lost their primary key, or what else was their replica identity. Give it back; or whole rows identify, which costs.',
    sql: tables
      .slice(0, 10)
      .map((table) => `ALTER TABLE ${qualified(table)} REPLICA IDENTITY FULL;`)
      .join('\n'),
  })
}

/** Warnings about single tables; the report has them all. */
const mostDrifted = 20

function keyOf({ schema, name }: RelationName): string {
  return JSON.stringify([schema, name])
}

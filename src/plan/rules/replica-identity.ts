import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { qualified } from '../../sql/identifier.ts'
import { flawOf } from '../publishing.ts'
import { filterFlaw, type IdentityFlaw } from '../replica-identity.ts'
import { counted, listed } from './listing.ts'
import { flawConditions, type PublishableTable, publishable } from './published.ts'
import type { RuleInput } from './rule.ts'
import { place, relationNames } from './scoped.ts'

interface FlawedTable extends PublishableTable {
  readonly flaw: IdentityFlaw
}

/** "Would this publication break writes on the source?": of each table, what `replica-identity` makes of it. */
export function replicaIdentity(input: RuleInput): (Problem | Warning)[] {
  if (input.observed.replication === null) return []
  const flawed = input.databases.flatMap((database) => {
    const conditions = flawConditions(input, database)
    return publishable(input, database).flatMap((table) => {
      const flaw = flawOf(table.relation, conditions)
      return flaw === null ? [] : [{ ...table, flaw }]
    })
  })
  switch (input.config.replicaIdentity) {
    case 'refuse':
      return refused(input, flawed)
    case 'full': {
      const mended = flawed.filter(({ setIdentityFull }) => setIdentityFull)
      return [...refused(input, unmended(flawed)), ...full(input, mended)]
    }
    case 'insert-only':
      return insertOnly(input, flawed)
    case 'skip':
      return skipped(input, flawed)
  }
}

function unmended(flawed: readonly FlawedTable[]): FlawedTable[] {
  return flawed.filter(({ setIdentityFull }) => !setIdentityFull)
}

function refused(input: RuleInput, flawed: readonly FlawedTable[]): Problem[] {
  if (flawed.length === 0) return []
  const sql = flawed.flatMap(mendingSql).slice(0, 10).join('\n')
  return [
    problem(
      'replica-identity',
      `Updates and deletes of ${counted(flawed.length, 'table')} would fail once published: ${byFlaw(input, flawed)}.`,
      {
        hint: `${mending(input, flawed)} Or copy without replication: snapshot-only.`,
        ...(sql === '' ? {} : { sql }),
        ...place(flawed),
      },
    ),
  ]
}

/** Of the ways out, those which are left: `full` was given already where it mends nothing. */
function mending({ config }: RuleInput, flawed: readonly FlawedTable[]): string {
  const ofFilters = flawed.filter(({ flaw }) => flaw === filterFlaw).length
  const keys = 'Give them a primary key, or a unique index as REPLICA IDENTITY.'
  const filters =
    "Of filtered tables, the source must tell by the old row whether an update or a delete concerns the target: filter by columns of the key alone, or make a unique index that has the filter's columns the REPLICA IDENTITY."
  const given = [...(ofFilters < flawed.length ? [keys] : []), ...(ofFilters > 0 ? [filters] : [])].join(' ')
  const full = config.replicaIdentity === 'full' ? [] : ['full (whole rows identify, which costs)']
  return `${given} Or choose with replica-identity: ${[...full, 'insert-only (only new rows arrive)', 'skip (copied once)'].join(', ')}.`
}

/** What makes the table publishable as it is; a key can't be guessed. */
function mendingSql({ relation, flaw }: FlawedTable): string[] {
  const table = `ALTER TABLE ${qualified(relation)} REPLICA IDENTITY`
  if (flaw === 'REPLICA IDENTITY NOTHING' && relation.primaryKey === 'immediate') return [`${table} DEFAULT;`]
  if (flaw === 'a replica identity whose index is gone' && relation.primaryKey === 'immediate') return [`${table} DEFAULT;`]
  const helpless =
    relation.kind !== 'table' || relation.incomparableColumns.length > 0 || relation.columns.some(({ generated }) => generated !== '')
  return helpless ? [] : [`${table} FULL;`]
}

function full(input: RuleInput, tables: readonly FlawedTable[]): Warning[] {
  if (tables.length === 0) return []
  return [
    warning(
      'replica-identity',
      `REPLICA IDENTITY FULL will be set on ${counted(tables.length, 'table')} of the source: ${byFlaw(input, tables)}.`,
      {
        hint: 'Each update then writes the whole old row to the log, and the target looks for it row by row where no index serves: costly for large tables.',
        ...place(tables),
      },
    ),
  ]
}

function insertOnly(input: RuleInput, tables: readonly FlawedTable[]): Warning[] {
  if (tables.length === 0) return []
  return [
    warning(
      'insert-only',
      `Of ${counted(tables.length, 'table')} only inserts will arrive, no updates, deletes or truncates: ${byFlaw(input, tables)}.`,
      {
        hint: 'That is right for tables whose rows are only ever added. Others need a primary key, or replica-identity: full.',
        ...place(tables),
      },
    ),
  ]
}

function skipped(input: RuleInput, tables: readonly FlawedTable[]): Warning[] {
  if (tables.length === 0) return []
  return [
    warning('table-not-replicated', `${counted(tables.length, 'table')} copied once and not replicated: ${byFlaw(input, tables)}.`, {
      hint: 'replica-identity is skip: give them a primary key to have them followed.',
      ...place(tables),
    }),
  ]
}

/** `a, b (no primary key); c (REPLICA IDENTITY NOTHING)`. */
function byFlaw(input: RuleInput, flawed: readonly FlawedTable[]): string {
  const flaws = [...new Set(flawed.map(({ flaw }) => flaw))]
  return flaws
    .map(
      (flaw) =>
        `${listed(
          relationNames(
            input,
            flawed.filter((one) => one.flaw === flaw),
          ),
        )} (${flaw})`,
    )
    .join('; ')
}

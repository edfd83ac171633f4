import type { Config } from '../../../src/config/config.ts'
import type { Problem, Warning } from '../../../src/errors.ts'
import type { ObservedCatalog, ObservedPair, ObservedRelation, ObservedServer, ObservedTools } from '../../../src/plan/observed.ts'
import type { ObservedReplication, ObservedReplicationDatabase } from '../../../src/plan/observed-replication.ts'
import type { TableRule } from '../../../src/plan/plan.ts'
import type { RuleInput, ScopedDatabase, ScopedTable } from '../../../src/plan/rules/rule.ts'
import { config } from './config.ts'
import { catalog, database, observed, pair, relation } from './observed.ts'
import { replication } from './replication.ts'

interface Given {
  readonly source?: Partial<ObservedServer>
  readonly target?: Partial<ObservedServer>
  readonly tools?: ObservedTools
  readonly config?: Partial<Config>
  readonly databases?: readonly ScopedDatabase[]
  readonly estimatedSeconds?: number
  readonly replication?: {
    readonly source?: Partial<ObservedReplication['source']>
    readonly target?: Partial<ObservedReplication['target']>
    readonly database?: Partial<ObservedReplicationDatabase>
  }
}

export function ruleInput(given: Given = {}): RuleInput {
  const databases = given.databases ?? [scoped()]
  const plain = observed()
  return {
    observed: {
      ...plain,
      source: { ...plain.source, ...given.source },
      target: { ...plain.target, ...given.target },
      tools: given.tools ?? plain.tools,
      databases: databases.map((one) => one.pair),
      replication: replication(given.replication, ...databases.map(({ pair: { source } }) => source.name)),
    },
    config: config(given.config),
    databases,
    estimatedSeconds: given.estimatedSeconds ?? null,
  }
}

/** A database in scope, to be created unless a target is given. */
export function scoped(overrides: Partial<ScopedDatabase> & { readonly in?: Partial<ObservedPair> } = {}): ScopedDatabase {
  const { in: inPair, ...others } = overrides
  const whole = others.pair ?? pair(inPair)
  return {
    pair: whole,
    action: whole.target ? 'fill' : 'create',
    leftOut: [],
    change: null,
    tables: (whole.catalog?.relations ?? [])
      .filter(({ kind }) => kind !== 'view' && kind !== 'sequence')
      .map((one) => scopedTable(one, one.kind === 'table' ? 'copy' : 'empty')),
    ...others,
  }
}

/** Published as a sound table is. */
export function scopedTable(relation: ObservedRelation, rule: TableRule = 'copy', more: Partial<ScopedTable> = {}): ScopedTable {
  const publish = rule === 'copy' || rule === 'filtered' ? 'changes' : null
  return { relation, rule, publish, setIdentityFull: false, tableSync: false, copied: false, ...more }
}

/** One database that holds these relations, all tables under one rule. */
export function holding(
  relations: readonly Partial<ObservedRelation>[],
  rule: TableRule = 'copy',
  more: Partial<ScopedTable> = {},
): ScopedDatabase {
  const whole = relations.map((one, index) => relation({ oid: 20_000 + index, name: `t${index}`, ...one }))
  return scoped({
    in: { catalog: catalog({ relations: whole }) },
    tables: whole.filter(({ kind }) => kind !== 'view' && kind !== 'sequence').map((one) => scopedTable(one, rule, more)),
  })
}

/** One database with this in its catalog. */
export function having(overrides: Partial<ObservedCatalog>, more: Partial<ObservedPair> = {}): ScopedDatabase {
  return scoped({ in: { catalog: catalog(overrides), ...more } })
}

/** Several databases of these names, alike but for their oids. */
export function named(...names: readonly string[]): ScopedDatabase[] {
  return names.map((name, index) => scoped({ in: { source: database({ name, oid: 16_384 + index }) } }))
}

/** What tables of cases compare: severity and code. */
export function brief(findings: readonly (Problem | Warning)[]): string[] {
  return findings.map(({ severity, code }) => `${severity} ${code}`)
}

import type { Config } from '../config/config.ts'
import { type Problem, problem, type Warning } from '../errors.ts'
import type { LeftOut, Selection } from '../scope/scope-database.ts'
import { qualified } from '../sql/identifier.ts'
import { decideAction, heldLedger, type SourceIdentity } from './decide-action.ts'
import { decideJobs } from './decide-jobs.ts'
import { decideScope } from './decide-scope.ts'
import { ledgerScope, planDigest } from './digest.ts'
import { estimateSeconds, isTooBig } from './estimate.ts'
import { identifySource } from './identify-source.ts'
import { keyChecks } from './key-rows-of.ts'
import type { Observed, ObservedPair, ObservedServer } from './observed.ts'
import type { DatabaseAction, DatabasePlan, Plan, ServerSummary, TablePlan } from './plan.ts'
import { planTables } from './plan-tables.ts'
import { routedPartProblems } from './routed-parts.ts'
import { runRules } from './rules/index.ts'
import type { ScopedDatabase } from './rules/rule.ts'
import { withoutOutdated } from './scope-change.ts'

/** Decides everything and collects every finding. Pure: the same observation makes the same plan. */
export function makePlan(config: Config, observed: Observed): Plan {
  const { source, target, probe } = observed
  const scope = decideScope(config.scope, observed.databases)
  const jobs = decideJobs(config.jobs, observed.processors, [source, target])
  const decided = observed.databases.flatMap((pair) => {
    const selections = scope.databases.get(pair.source.name)
    return selections === undefined
      ? []
      : [decideDatabase(config, pair, selections, scope.leftOut.get(pair.source.name) ?? [], source.systemIdentifier)]
  })
  const databases = decided.map((one) => planDatabase(one, observed, config, jobs))
  const tables = databases.flatMap((one) => one.tables)
  const estimatedSeconds = estimateSeconds(tables, probe, jobs)
  const scoped = decided.map((one, index) => scopedDatabase(one, databases[index]?.tables ?? []))
  const findings = runRules({ config, observed, databases: scoped, estimatedSeconds })
  return {
    digest: planDigest(config, source, target, databases),
    source: summary(source),
    target: summary(target),
    jobs,
    databases,
    problems: [
      ...scope.problems,
      ...decided.flatMap(filterProblems),
      ...decided.flatMap(({ pair, selections }) => routedPartProblems(pair, selections)),
      ...findings.filter((one): one is Problem => one.severity === 'problem'),
    ],
    warnings: findings.filter((one): one is Warning => one.severity === 'warning'),
    estimatedSeconds,
  }
}

interface DecidedDatabase {
  readonly pair: ObservedPair
  readonly selections: ReadonlyMap<number, Selection>
  readonly leftOut: readonly LeftOut[]
  readonly identity: SourceIdentity
  readonly action: DatabaseAction
}

function decideDatabase(
  config: Config,
  pair: ObservedPair,
  selections: ReadonlyMap<number, Selection>,
  leftOut: readonly LeftOut[],
  systemIdentifier: string,
): DecidedDatabase {
  const identity = identifySource(pair, selections, systemIdentifier)
  return { pair, selections, leftOut, identity, action: decideAction(pair.target, identity, config) }
}

function planDatabase(
  { pair, selections, leftOut, identity, action }: DecidedDatabase,
  { source, target, probe, replication }: Observed,
  config: Config,
  jobs: number,
): DatabasePlan {
  const { catalog } = pair
  const prepared = replication?.databases.get(pair.source.name) ?? null
  const content = pair.target?.content ?? null
  const installed = action === 'create' || action === 'recreate' ? [] : (content?.extensions ?? [])
  const conditions = {
    encoding: pair.source.encoding,
    sourceVersion: source.versionNumber,
    targetVersion: target.versionNumber,
    sourceExtensions: new Map(catalog?.extensions.map(({ name, version }) => [name, version])),
    targetExtensions: new Map([
      ...[...target.availableExtensions].map(([name, { defaultVersion }]) => [name, defaultVersion] as const),
      ...installed,
    ]),
    ledger: withoutOutdated(heldLedger(pair.target, identity, config), identity.change),
    jobs,
    publishing:
      prepared === null
        ? null
        : { replicaIdentity: config.replicaIdentity, sourceVersion: source.versionNumber, rowFilters: prepared.rowFilters },
  }
  const planned = catalog === null ? [] : planTables(catalog, selections, conditions)
  const tables = planned.map((table) => ({ ...table, tableSync: isTooBig(table, config.timeBudget, probe, jobs) }))
  return {
    name: pair.source.name,
    action,
    source: pair.source,
    fingerprint: identity.fingerprint,
    change: action === 'resume' ? identity.change : null,
    scope: ledgerScope(pair, selections),
    asOf: catalog?.asOf ?? '',
    tables,
    leftOut,
    keyChecks: catalog === null ? [] : keyChecks(catalog),
    timescaledb: catalog?.extensions.find(({ name }) => name === 'timescaledb') ?? null,
    largeObjects: catalog?.largeObjects.count ?? 0n,
    largeObjectBytes: catalog?.largeObjects.bytes ?? 0n,
    estimatedSeconds: estimateSeconds(tables, probe, jobs),
    replication:
      prepared === null
        ? null
        : {
            heartbeat: config.heartbeat && prepared.canCreate && prepared.sourceSchema !== 'foreign',
            inserts: tables.some(({ publish }) => publish === 'inserts'),
            failover: source.versionNumber >= 170_000 && target.versionNumber >= 170_000,
          },
  }
}

function scopedDatabase({ pair, action, leftOut, identity: { change } }: DecidedDatabase, tables: readonly TablePlan[]): ScopedDatabase {
  const relations = new Map(pair.catalog?.relations.map((relation) => [relation.oid, relation]))
  return {
    pair,
    action,
    leftOut,
    change,
    tables: tables.flatMap(({ oid, rule, publish, setIdentityFull, tableSync, copied, comesAlong }) => {
      const relation = relations.get(oid)
      const along = comesAlong === undefined ? {} : { comesAlong }
      return relation === undefined ? [] : { relation, rule, publish, setIdentityFull, tableSync, copied, ...along }
    }),
  }
}

function filterProblems({ pair: { source, catalog } }: DecidedDatabase): Problem[] {
  const names = new Map(catalog?.relations.map((relation) => [relation.oid, qualified(relation)]))
  return [...(catalog?.filters ?? [])].flatMap(([oid, { error, predicate }]) => {
    const relation = names.get(oid) ?? ''
    if (error === null) return []
    const hint =
      predicate === ''
        ? 'Name a column of type date, timestamp or timestamptz in time-filters.'
        : 'Give one condition that means the same tomorrow. What reads the clock alone, such as now() - interval, is evaluated once and fixed.'
    return problem('filter-invalid', `The filter of ${relation} can't be used: ${error}.`, { hint, database: source.name, relation })
  })
}

function summary({ host, port, version, versionNumber, systemIdentifier }: ObservedServer): ServerSummary {
  return { host, port, version, versionNumber, systemIdentifier }
}

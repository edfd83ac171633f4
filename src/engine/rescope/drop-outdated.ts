import { ReplicatorError } from '../../errors.ts'
import { readLoadObstacles } from '../../pg/catalog/load-obstacles.ts'
import { readStandingRelations } from '../../pg/catalog/standing-relations.ts'
import { readTableShapes } from '../../pg/catalog/table-shapes.ts'
import type { Session } from '../../pg/session.ts'
import type { DatabasePlan, TablePlan } from '../../plan/plan.ts'
import { nameKey, type RelationNamed, type ScopeChange } from '../../plan/scope-change.ts'
import { emptySql } from '../../sql/copy.ts'
import { qualified } from '../../sql/identifier.ts'
import { fingerprintUnderWay, forgetCopiedSql, rescopeSql } from '../../sql/ledger.ts'
import { removeObstaclesSql } from '../../sql/load-obstacles.ts'
import { dropRelationSql, unpopulateSql } from '../../sql/rescope.ts'
import { runWhileOurs } from '../run-while-ours.ts'

/**
 * All that doesn't hold under the new scope goes, and with it what the ledger tells of it, in one transaction: whatever was copied before and isn't
 * in the ledger any more is copied anew. The ledger's scope is from then on the new one without what is still to be added.
 */
export async function dropOutdated(target: Session, plan: DatabasePlan, change: ScopeChange): Promise<void> {
  const refiltered = tablesOf(plan, change.refiltered)
  const emptied = tablesOf(
    plan,
    change.refiltered.filter(({ begun }) => begun),
  )
  // One that had no rows may get some now. An extension's own would not come again.
  const obstacles = await readLoadObstacles(
    target,
    refiltered.filter(({ extension }) => extension === null),
  )
  const dropped = await readStandingRelations(target, [...change.removed, ...change.withdrawn])
  const unpopulated = (await readStandingRelations(target, change.refiltered)).filter(
    ({ kind, ...view }) => kind === 'materialized view' && ruleOf(plan, view) === 'schema-only',
  )
  const statements = [
    ...removeObstaclesSql(obstacles),
    ...emptied.map(emptySql),
    ...unpopulated.map(unpopulateSql),
    // A column's sequence goes with its table, and can't before.
    ...dropped.filter(({ kind }) => kind === 'table').map(dropRelationSql),
    ...dropped.filter(({ kind }) => kind !== 'table').map(dropRelationSql),
    ...[...change.removed, ...change.refiltered].map(forgetCopiedSql),
    rescopeSql({ fingerprint: fingerprintUnderWay(plan.fingerprint), scope: scopeWithoutAdded(plan, change) }),
  ]
  await target.run('begin')
  try {
    const before = await readTableShapes(target)
    await target.run(statements.join(';\n'))
    refuseLosses(before, await readTableShapes(target), new Set(dropped.map(nameKey)), target.database)
    await runWhileOurs(target, 'commit')
  } catch (error) {
    await target.run('rollback').catch(() => undefined)
    throw error
  }
}

function tablesOf({ tables }: DatabasePlan, relations: readonly RelationNamed[]): TablePlan[] {
  const keys = new Set(relations.map(nameKey))
  return tables.filter((table) => keys.has(nameKey(table)))
}

function ruleOf({ tables }: DatabasePlan, relation: { readonly schema: string; readonly name: string }): TablePlan['rule'] | undefined {
  return tables.find((table) => nameKey(table) === nameKey(relation))?.rule
}

function scopeWithoutAdded({ scope }: DatabasePlan, { added }: ScopeChange): DatabasePlan['scope'] {
  const missing = new Set(added.map(nameKey))
  return scope.filter((one) => !missing.has(nameKey(one)))
}

type Shapes = Awaited<ReturnType<typeof readTableShapes>>

/** CASCADE may take views and functions along, which are restored where they're in scope; never rows, or what guards them. */
function refuseLosses(before: Shapes, after: Shapes, dropped: ReadonlySet<string>, database: string): void {
  const left = new Map(after.map((one) => [nameKey(one), one.shape]))
  const lost = before.filter((one) => !dropped.has(nameKey(one)) && left.get(nameKey(one)) !== one.shape)
  if (lost.length === 0) return
  throw new ReplicatorError('scope-changed', `what was removed can't be dropped without parts of ${lost.map(qualified).join(', ')}`, {
    database,
    hint: 'Nothing was changed. Give no-resume to start over, or the earlier scope to go on with it.',
  })
}

import { type Warning, warning } from '../../errors.ts'
import { dropLedgerSql } from '../../sql/drop-ledger.ts'
import { identifier } from '../../sql/identifier.ts'
import { noteSlotsSql } from '../../sql/ledger-notes.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { detachAndDropSql } from '../../sql/subscription.ts'
import type { ObservedCleanup, ObservedCleanupDatabase, OwnSubscription } from '../observed-cleanup.ts'
import { listed } from '../rules/listing.ts'
import { isLedgerOfSource, isNamedAsOurs, ownSubscriptions, remainingSubscriptions, remainingUserOf } from './ownership.ts'
import type { CleanupPart, PlannedStep } from './planned-step.ts'

export function cleanTarget(observed: ObservedCleanup, database: ObservedCleanupDatabase): CleanupPart {
  const { name, target } = database
  if (target === null) return { steps: [], warnings: [] }
  const subscriptions = ownSubscriptions(observed, database)
  const steps = subscriptions.map((one): PlannedStep => {
    const slots = [...(one.slot === null ? [] : [one.slot]), ...one.syncSlots]
    const note = target.schema?.ledgerTables.includes('ledger') && slots.length > 0 ? [noteSlotsSql(slots)] : []
    return {
      ...{ database: name, side: 'target', stage: 'subscription', what: `subscription ${one.name}` },
      sql: [...note, detachAndDropSql(one.name)].join(';\n'),
    }
  })
  const memberships = cleanMemberships(observed, database)
  const ledger = cleanLedger(observed, database, subscriptions)
  return {
    steps: [...steps, ...memberships.steps, ...ledger.steps],
    warnings: [...leftSubscriptions(database, subscriptions), ...memberships.warnings, ...ledger.warnings],
  }
}

function leftSubscriptions({ name, target }: ObservedCleanupDatabase, dropped: readonly OwnSubscription[]): Warning[] {
  return (target?.subscriptions ?? [])
    .filter((one) => !dropped.includes(one) && (one.mark !== null || isNamedAsOurs(one.name)))
    .map((one) =>
      warning(
        'left-behind',
        `the subscription ${one.name} is left: ${one.mark === null ? 'it lacks our mark' : 'it follows another source'}`,
        {
          database: name,
          hint: 'Run cleanup with the source that it follows; or run this on the target, if it is not needed.',
          sql: `${detachAndDropSql(one.name)};`,
        },
      ),
    )
}

/** Memberships are the whole server's: while a subscription of ours goes on in another database, it may need them. */
function cleanMemberships(observed: ObservedCleanup, database: ObservedCleanupDatabase): CleanupPart {
  const roles = isLedgerOfSource(observed, database) ? (database.target?.ledger?.lentRoles ?? []) : []
  if (roles.length === 0) return { steps: [], warnings: [] }
  const others = remainingSubscriptions(observed).filter((one) => isNamedAsOurs(one.name))
  const steps = roles.map((role): PlannedStep => {
    const sql = `revoke ${identifier(role)} from current_user`
    return { database: database.name, side: 'target', stage: 'membership', what: `membership in ${identifier(role)}`, sql }
  })
  if (others.length === 0) return { steps, warnings: [] }
  const databases = listed([...new Set(others.map((one) => identifier(one.database)))])
  const kept = warning(
    'left-behind',
    `memberships are left, which subscriptions in ${databases} may need: ${listed(roles.map(identifier))}`,
    {
      database: database.name,
      hint: 'Run this on the target once these are gone.',
      sql: steps.map(({ sql }) => `${sql};`).join('\n'),
    },
  )
  return { steps: [], warnings: [kept] }
}

function cleanLedger(observed: ObservedCleanup, database: ObservedCleanupDatabase, dropped: readonly OwnSubscription[]): CleanupPart {
  const { name, target } = database
  const schema = target?.schema ?? null
  if (schema === null) return { steps: [], warnings: [] }
  if (!isLedgerOfSource(observed, database)) {
    const hint = 'Run cleanup with that source; or drop the schema by hand, if it is not needed.'
    const sql = `DROP SCHEMA ${ownSchema} CASCADE;`
    return {
      steps: [],
      warnings: [warning('left-behind', 'the ledger is left: it belongs to another source', { database: name, hint, sql })],
    }
  }
  const user = (target?.ledger?.lanes ?? []).flatMap(({ slot }) => (slot === null ? [] : (remainingUserOf(observed, slot) ?? []))).at(0)
  if (user !== undefined) {
    const message = `the ledger is left: the subscription ${user.name} in ${identifier(user.database)} uses the slot ${user.slot}, which it names`
    return {
      steps: [],
      warnings: [warning('left-behind', message, { database: name, hint: 'Drop that subscription, then run cleanup again.' })],
    }
  }
  const gone = dropped.map(({ oid }) => oid)
  const free = schema.heartbeats.filter((one) => one.publications.length === 0 && one.subscriptions.every((by) => gone.includes(by)))
  const whole = schema.others.length === 0 && free.length === schema.heartbeats.length
  if (schema.ledgerTables.length === 0 && free.length === 0 && !whole) return { steps: [], warnings: othersLeft(name, schema.others) }
  const what = schema.ledgerTables.length > 0 ? 'ledger' : `schema ${ownSchema}`
  const sql = dropLedgerSql(
    free.map((one) => one.name),
    whole,
  )
  return { steps: [{ database: name, side: 'target', stage: 'ledger', what, sql }], warnings: othersLeft(name, schema.others) }
}

/** On either side. */
export function othersLeft(database: string, others: readonly string[]): Warning[] {
  if (others.length === 0) return []
  const hint = 'Move or drop what is in it, then run cleanup again.'
  return [warning('left-behind', `the schema ${ownSchema} is left: it holds what is not ours, ${listed(others)}`, { database, hint })]
}

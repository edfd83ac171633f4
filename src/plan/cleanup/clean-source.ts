import { type Warning, warning } from '../../errors.ts'
import { dropOwnSchemaSql } from '../../sql/drop-ledger.ts'
import { qualified } from '../../sql/identifier.ts'
import { ownSchema } from '../../sql/own-schema.ts'
import { dropPublicationSql } from '../../sql/publication.ts'
import { dropSlotSql } from '../../sql/slot.ts'
import type { NotedIdentity, ObservedCleanup, ObservedCleanupDatabase, OwnOnSource, OwnSchema } from '../observed-cleanup.ts'
import type { ObservedPublication } from '../observed-replication.ts'
import { listed } from '../rules/listing.ts'
import { othersLeft } from './clean-target.ts'
import { knownSlots, remainingUserOf } from './ownership.ts'
import type { CleanupPart, PlannedStep } from './planned-step.ts'

/** What is ours on a source that can be reached. */
export function cleanSource(observed: ObservedCleanup, database: ObservedCleanupDatabase): CleanupPart {
  const { source } = database
  if (source === null) return { steps: [], warnings: [] }
  const known = knownSlots(observed, database)
  const verdicts = source.publications.map((one) => ({ one, why: whyLeft(observed, database, known, one) }))
  const dropped = verdicts.flatMap(({ one, why }) => (why === null ? [one] : []))
  const slots = new Set([...known, ...dropped.flatMap(({ mark }) => mark?.slot ?? [])])
  const there = (observed.source?.slots ?? []).filter((slot) => slot.database === database.name && slot.plugin === 'pgoutput')
  const names = new Set(dropped.map((one) => one.name))
  const schema = cleanSchema(database.name, source.schema, names)
  const identities = cleanIdentities(database.name, source, names)
  const marked = new Set([...slots, ...verdicts.flatMap(({ one }) => one.mark?.slot ?? [])])
  const unnamed = there.filter(({ name }) => name.startsWith('seren_replication_sub') && !marked.has(name))
  return {
    steps: [
      ...there.filter(({ name }) => slots.has(name)).map(({ name }) => slotStep(database.name, name)),
      ...dropped.map(({ name }) => publicationStep(database.name, name)),
      ...schema.steps,
      ...identities.steps,
    ],
    warnings: [
      ...verdicts.flatMap(({ one, why }) => (why === null ? [] : [leftPublication(database.name, one, why)])),
      ...unnamed.map(({ name }) => leftSlot(database.name, name)),
      ...schema.warnings,
      ...identities.warnings,
    ],
  }
}

export function slotStep(database: string, name: string): PlannedStep {
  return { database, side: 'source', stage: 'source', what: `slot ${name}`, sql: dropSlotSql(name), slot: name }
}

export function publicationStep(database: string, name: string): PlannedStep {
  return { database, side: 'source', stage: 'source', what: `publication ${name}`, sql: dropPublicationSql(name) }
}

export function identityStep(database: string, table: NotedIdentity): PlannedStep {
  const sql = `alter table only ${qualified(table)} replica identity ${table.was === 'n' ? 'nothing' : 'default'}`
  return { database, side: 'source', stage: 'source', what: `replica identity of ${qualified(table)}`, sql, brief: true }
}

/** Null: it's ours, and made for this target. */
function whyLeft(
  observed: ObservedCleanup,
  { name }: ObservedCleanupDatabase,
  known: ReadonlySet<string>,
  { mark }: ObservedPublication,
): string | null {
  if (mark === null) return 'it lacks our mark'
  const user = remainingUserOf(observed, mark.slot)
  if (user !== undefined) return `the subscription ${user.name} in the target's database ${user.database} uses its slot ${mark.slot}`
  if (known.has(mark.slot)) return null
  const here = observed.target?.systemIdentifier ?? ''
  if (here === '' || mark.peer === '') return "it can't be told whether it was made for this target"
  if (mark.peer !== here) return `it was made for another target, with system identifier ${mark.peer}`
  return mark.database === name ? null : `it was made for the target's database ${mark.database}`
}

function leftPublication(database: string, { name, mark }: ObservedPublication, why: string): Warning {
  const slot = mark === null ? [] : [`${dropSlotSql(mark.slot)};`]
  return warning('left-behind', `the publication ${name} is left: ${why}`, {
    database,
    hint:
      mark === null
        ? 'Drop it by hand, if it is not needed.'
        : `Run cleanup with that target. If it is gone, run this on the source, since the slot ${mark.slot} keeps its write-ahead log.`,
    sql: [...slot, `${dropPublicationSql(name)};`].join('\n'),
  })
}

function leftSlot(database: string, name: string): Warning {
  return warning('left-behind', `the slot ${name} is left: it has a name of ours, but neither a publication nor a ledger names it`, {
    database,
    hint: 'It keeps the write-ahead log. If nothing reads it any more, run this on the source.',
    sql: `${dropSlotSql(name)};`,
  })
}

/** Heartbeats that nothing else publishes or writes. The schema can hold a ledger, of a replication into this database. */
function cleanSchema(database: string, schema: OwnSchema | null, dropped: ReadonlySet<string>): CleanupPart {
  if (schema === null) return { steps: [], warnings: [] }
  const isLedgers = schema.ledgerTables.length > 0
  const free = schema.heartbeats.filter(
    ({ publications, subscriptions }) =>
      subscriptions.length === 0 && publications.every((name) => dropped.has(name)) && (!isLedgers || publications.length > 0),
  )
  const whole = !isLedgers && schema.others.length === 0 && free.length === schema.heartbeats.length
  const step = (what: string, sql: string): PlannedStep => ({ database, side: 'source', stage: 'source', what, sql })
  return {
    steps: [
      ...free.map(({ name }) => step(`table ${ownSchema}.${name}`, `drop table if exists ${qualified({ schema: ownSchema, name })}`)),
      ...(whole ? [step(`schema ${ownSchema}`, dropOwnSchemaSql)] : []),
    ],
    warnings: othersLeft(database, schema.others),
  }
}

/** Without one, updates of a published table fail: what others publish keeps it. */
function cleanIdentities(database: string, { identities }: OwnOnSource, dropped: ReadonlySet<string>): CleanupPart {
  const needed = identities.filter(({ publications }) => publications.some((name) => !dropped.has(name)))
  return {
    steps: identities.filter((one) => !needed.includes(one)).map((one) => identityStep(database, one)),
    warnings: needed.map((one) =>
      warning(
        'left-behind',
        `REPLICA IDENTITY FULL is left on a table that ${listed(one.publications.filter((name) => !dropped.has(name)))} publishes`,
        {
          database,
          relation: qualified(one),
          hint: 'Without it, updates of the table would fail. Run this on the source once it is not published any more.',
          sql: `${identityStep(database, one).sql};`,
        },
      ),
    ),
  }
}

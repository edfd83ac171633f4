import { type Warning, warning } from '../../errors.ts'
import { dropPublicationSql } from '../../sql/publication.ts'
import { publicationName } from '../../sql/replication-names.ts'
import { dropSlotSql } from '../../sql/slot.ts'
import type { ObservedCleanup, ObservedCleanupDatabase } from '../observed-cleanup.ts'
import { counted } from '../rules/listing.ts'
import { cleanSource, identityStep, publicationStep, slotStep } from './clean-source.ts'
import { cleanTarget } from './clean-target.ts'
import { knownSlots, ownSubscriptions } from './ownership.ts'
import { type CleanupPart, rounds } from './planned-step.ts'
import { whatIsCutShort } from './what-is-cut-short.ts'

/** Everything of ours that this source and this target have of the databases, in the order in which it can go. */
export function planCleanup(observed: ObservedCleanup): CleanupPart {
  const parts = observed.databases.flatMap((database) => [
    cleanTarget(observed, database),
    observed.source === null ? unreachedSource(observed, database) : cleanSource(observed, database),
    { steps: [], warnings: whatIsCutShort(observed, database) },
  ])
  return {
    steps: parts.flatMap(({ steps }) => steps).toSorted((one, other) => rounds[one.stage] - rounds[other.stage]),
    warnings: parts.flatMap(({ warnings }) => warnings),
  }
}

/** What must still be there on a source that can't be asked. */
function unreachedSource(observed: ObservedCleanup, database: ObservedCleanupDatabase): CleanupPart {
  const { name, target } = database
  const lanes = new Set([
    ...(target?.ledger?.lanes ?? []).filter(({ slot }) => slot !== null).map(({ lane }) => lane),
    ...ownSubscriptions(observed, database).flatMap(({ mark }) => mark?.lane ?? []),
  ])
  const publications = [...lanes].flatMap((lane) => [publicationName('changes', lane), publicationName('inserts', lane)])
  return {
    steps: [
      ...[...knownSlots(observed, database)].map((slot) => slotStep(name, slot)),
      ...publications.map((publication) => publicationStep(name, publication)),
      ...(target?.ledger?.identities ?? []).map((table) => identityStep(name, table)),
    ],
    warnings: [],
  }
}

/** All that is marked on the source, for a target that can't be reached: then nobody knows whether it's in use. */
export function markedOnSource(observed: ObservedCleanup): Warning[] {
  return observed.databases.flatMap(({ name, source }) => {
    const marked = (source?.publications ?? []).flatMap(({ name: publication, mark }) => (mark === null ? [] : [{ publication, mark }]))
    if (marked.length === 0) return []
    const slots = [...new Set(marked.map(({ mark }) => mark.slot))]
    return [
      warning(
        'left-behind',
        `on the source are still ${counted(marked.length, 'publication')} and ${counted(slots.length, 'slot')} of ours`,
        {
          database: name,
          hint: 'Run cleanup once the target can be reached. If it is gone for good, run this on the source, in this database: its slots keep the write-ahead log.',
          sql: [...slots.map(dropSlotSql), ...marked.map(({ publication }) => dropPublicationSql(publication))]
            .map((sql) => `${sql};`)
            .join('\n'),
        },
      ),
    ]
  })
}

import { type Problem, problem, type Warning } from '../../errors.ts'
import type { ObservedLedger, ObservedTargetContent } from '../observed.ts'
import { isOnlyMore } from '../scope-change.ts'
import { changeInWords } from '../scope-change-words.ts'
import { listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** Existing data is never touched, unless it's our own copy of the same scope to go on with, or dropping it was asked for. */
export function targetEmpty({ observed, databases }: RuleInput): (Problem | Warning)[] {
  return databases.flatMap((database) => {
    const content = database.pair.target?.content
    if (!content || database.action === 'recreate' || database.action === 'create') return []
    const { ledger } = content
    if (ledger && ofAnother(ledger, observed.source.systemIdentifier, database)) return otherSource(database)
    if (database.action !== 'fill') return []
    if (ledger?.complete) return finishedCopy(database, ledger)
    // An unfinished one: scope-changed.ts tells of it.
    if (ledger) return []
    return content.foreignObjectCount > 0 ? holdsData(database, content) : []
  })
}

function ofAnother(ledger: ObservedLedger, systemIdentifier: string, { pair }: ScopedDatabase): boolean {
  return ledger.sourceSystemIdentifier !== systemIdentifier || ledger.sourceDatabaseOid !== pair.source.oid
}

function otherSource({ pair }: ScopedDatabase): Problem {
  return problem(
    'target-not-empty',
    `Database ${spelled(pair.source.name)} of the target holds a copy that was begun from another source.`,
    {
      hint: 'Check the URLs. To replace the copy, give drop-existing; to keep it, choose another target.',
      database: pair.source.name,
    },
  )
}

/** Its application may be writing to it by now. */
function finishedCopy({ pair, change }: ScopedDatabase, { lanes }: ObservedLedger): Problem {
  const copy = `Database ${spelled(pair.source.name)} of the target holds a finished copy`
  const isFollowed = lanes.some(({ slot }) => slot !== null)
  const added =
    change !== null && isFollowed && isOnlyMore(change) ? ' `sync` with `add-tables` takes in tables that are new on the source.' : ''
  return problem(
    'target-not-empty',
    change === null ? `${copy}, of another scope or to be made anew.` : `${copy} of another scope: ${changeInWords(change)}.`,
    {
      hint: `If it is not in use, give drop-existing to have it dropped and made anew; with the scope of that copy there is nothing to do.${added}`,
      database: pair.source.name,
    },
  )
}

function holdsData({ pair }: ScopedDatabase, { foreignObjects, foreignObjectCount }: ObservedTargetContent): Problem {
  const shown = foreignObjects.slice(0, 10)
  const rest = foreignObjectCount - shown.length
  const objects = rest > 0 ? `${shown.join(', ')} and ${rest.toLocaleString('en-US')} more` : listed(shown)
  return problem('target-not-empty', `Database ${spelled(pair.source.name)} of the target isn't empty: ${objects}.`, {
    hint: 'Choose an empty target, or give drop-existing to have the database dropped and made anew.',
    database: pair.source.name,
  })
}

import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { changeInWords } from '../scope-change-words.ts'
import { listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/** An unfinished copy that was begun under another scope goes on with what is right; what isn't goes with a yes only. */
export function scopeChanged({ observed, databases }: RuleInput): (Problem | Warning)[] {
  return databases.flatMap((database) => {
    const { pair, action, change } = database
    const ledger = pair.target?.content?.ledger
    if (!ledger || ledger.complete) return []
    if (action === 'resume') return change === null ? [] : goesOn(database, changeInWords(change))
    if (action !== 'fill') return []
    const isOurs = ledger.sourceSystemIdentifier === observed.source.systemIdentifier && ledger.sourceDatabaseOid === pair.source.oid
    return isOurs ? refused(database) : []
  })
}

function goesOn({ pair: { source } }: ScopedDatabase, changed: string): Warning {
  return warning('scope-changed', `The copy of ${spelled(source.name)} goes on under another scope: ${changed}.`, {
    hint: 'What else was copied stays as it is. With the scope and filters of the earlier run nothing would change.',
    database: source.name,
  })
}

function refused({ pair: { source }, change }: ScopedDatabase): Problem {
  const begun = `The unfinished copy of ${spelled(source.name)} on the target was begun with`
  const others = 'no-resume to start over, or the scope and filters of that run to go on with it'
  if (change === null)
    return problem('scope-changed', `${begun} another scope, other filters, or other tables on the source.`, {
      hint: `Give ${others}.`,
      database: source.name,
    })
  const changed = `${begun} another scope: ${changeInWords(change)}.`
  if (change.stuck.length > 0) {
    const names = listed(change.stuck.map(({ schema, name }) => spelled(schema, name)))
    return problem('scope-changed', `${changed} Rows of an extension's tables can't be copied anew: ${names}.`, {
      hint: `Give ${others}.`,
      database: source.name,
    })
  }
  return problem('scope-changed', changed, {
    hint: `Give yes to have what was removed dropped, and what has other rows copied anew, while all else stays; ${others}.`,
    database: source.name,
  })
}

import { type Problem, problem, type Warning, warning } from '../../errors.ts'
import { sameAddress } from './host.ts'
import { counted, listed, spelled } from './listing.ts'
import type { RuleInput, ScopedDatabase } from './rule.ts'

/**
 * Identity is the cluster's system identifier and the database's oid, not the URL: one server has many names. Different oids prove
 * different databases; equal ones prove nothing by themselves, as fresh clusters count from the same number.
 */
export function sameDatabase({ observed: { source, target }, databases }: RuleInput): (Problem | Warning)[] {
  const equal = databases.filter(({ pair }) => pair.target?.database.oid === pair.source.oid)
  if (equal.length === 0) return []
  if (source.systemIdentifier !== '' && target.systemIdentifier !== '') {
    return source.systemIdentifier === target.systemIdentifier ? [same(equal)] : []
  }
  // What can't be told apart must not be dropped.
  const suspect = sameAddress(source, target) ? equal : equal.filter(({ action }) => action === 'recreate')
  const unknown = equal.filter((database) => !suspect.includes(database))
  return [...(suspect.length > 0 ? [same(suspect)] : []), ...(unknown.length > 0 ? [untold(unknown)] : [])]
}

function same(databases: readonly ScopedDatabase[]): Problem {
  return problem('same-database', `Source and target are the same database, or can't be told apart: ${names(databases)}.`, {
    hint: "Check both URLs. A server made from a physical copy of the source's files counts as the same; make the target with initdb.",
  })
}

function untold(databases: readonly ScopedDatabase[]): Warning {
  return warning(
    'same-database',
    `Whether source and target are different can't be proven for ${counted(databases.length, 'database')}: ${names(databases)}. Host and port differ.`,
    {
      hint: 'The role may not read pg_control_system(). Make sure that both URLs lead to different servers.',
    },
  )
}

function names(databases: readonly ScopedDatabase[]): string {
  return listed(databases.map(({ pair }) => spelled(pair.source.name)))
}

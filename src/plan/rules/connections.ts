import { type Problem, problem, type Warning } from '../../errors.ts'
import type { ObservedDatabase, ObservedServer } from '../observed.ts'
import { counted } from './listing.ts'
import type { RuleInput } from './rule.ts'

/** Besides one session per job: the control session, two relays of the snapshot, and a client tool. */
const sessionsBesides = 4

export function connections({ observed, config, databases }: RuleInput): (Problem | Warning)[] {
  const needed = (config.jobs ?? 1) + sessionsBesides
  const sides = [
    { side: 'source', server: observed.source, limits: databases.map(({ pair }) => pair.source) },
    { side: 'target', server: observed.target, limits: databases.flatMap(({ pair }) => (pair.target ? [pair.target.database] : [])) },
  ]
  return sides.flatMap(({ side, server, limits }) => {
    const { free, why } = available(server, limits)
    if (free >= needed) return []
    const jobs = free - sessionsBesides
    const fewer = jobs >= 1 ? `Use jobs: ${jobs}, or c` : 'C'
    return problem('connections-short', `The ${side} has ${counted(free, 'free connection')} (${why}); ${needed} are needed.`, {
      hint: `${fewer}lose idle sessions, or raise the limit.`,
    })
  })
}

/** Limits of roles and databases don't bind superusers: https://www.postgresql.org/docs/current/sql-alterrole.html */
function available(server: ObservedServer, databases: readonly ObservedDatabase[]): { readonly free: number; readonly why: string } {
  const { maximum, reserved, used } = server.connections
  const free = Math.max(0, maximum - (server.superuser ? 0 : reserved) - used)
  const whole = { free, why: `${used} of ${maximum} in use, ${reserved} reserved` }
  if (server.superuser) return whole
  const role = server.roles.find(({ name }) => name === server.user)
  const limits = [
    ...(role ? [{ free: role.connectionLimit, why: `the limit of role ${role.name}` }] : []),
    ...databases.map((database) => ({ free: database.connectionLimit, why: `the limit of database ${database.name}` })),
  ]
  // -1: no limit.
  return limits.filter(({ free: limit }) => limit >= 0).reduce((least, one) => (one.free < least.free ? one : least), whole)
}

import { type Code, type Problem, problem } from '../../errors.ts'
import type { ObservedServer } from '../observed.ts'
import { counted } from './listing.ts'

/** A limit of the server's, of which more is needed than is left. */
export function shortage(
  code: Code,
  side: 'source' | 'target',
  server: ObservedServer,
  what: string,
  setting: string,
  used: number,
  needed: number,
): Problem[] {
  const maximum = Number(server.settings.get(setting) ?? Number.NaN)
  const free = Math.max(0, maximum - used)
  if (Number.isNaN(maximum) || needed <= free) return []
  const least = used + needed
  return [
    problem(code, `The ${side} has ${counted(free, what)} free (${used} of ${maximum} in use); ${needed} are needed.`, {
      hint: `Raise ${setting} to ${least} or more and restart the ${side}, or free some: cleanup drops what earlier runs left.`,
      sql: `ALTER SYSTEM SET ${setting} = ${least};`,
    }),
  ]
}

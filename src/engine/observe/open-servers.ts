import type { Config } from '../../config/config.ts'
import { type Problem, Rejection, ReplicatorError } from '../../errors.ts'
import { openMaintenanceSession } from '../../pg/maintenance-session.ts'
import { openSession, type Session } from '../../pg/session.ts'

/** A session on each server, in the database of its URL; on the target in another one where that is yet to be created. */
export interface Servers extends AsyncDisposable {
  readonly source: Session
  readonly target: Session
}

/** Opens both at once, and rejects with the failures of both, so that two wrong URLs are mended in one go. */
export async function openServers(config: Config, signal: AbortSignal): Promise<Servers> {
  const [source, target] = await Promise.allSettled([openSession(config.source, { signal }), openMaintenanceSession(config.target, signal)])
  if (source.status === 'fulfilled' && target.status === 'fulfilled') {
    return {
      source: source.value,
      target: target.value,
      async [Symbol.asyncDispose]() {
        await Promise.all([source.value[Symbol.asyncDispose](), target.value[Symbol.asyncDispose]()])
      },
    }
  }
  for (const one of [source, target]) if (one.status === 'fulfilled') await one.value[Symbol.asyncDispose]()
  signal.throwIfAborted()
  throw new Rejection([...connectionProblems('source', source), ...connectionProblems('target', target)])
}

export function connectionProblems(side: 'source' | 'target', result: PromiseSettledResult<Session>): Problem[] {
  if (result.status === 'fulfilled') return []
  if (!(result.reason instanceof ReplicatorError)) throw result.reason
  const { finding } = result.reason
  return [{ ...finding, message: `The ${side} can't be used: ${finding.message}` }]
}

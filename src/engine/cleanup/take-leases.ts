import type { Config } from '../../config/config.ts'
import { type Problem, Rejection, ReplicatorError } from '../../errors.ts'
import { openSession, type Session } from '../../pg/session.ts'
import { takeLease } from '../ledger.ts'

/** Keeps other runs off these databases of the target; rejects before anything is changed where one is at work. */
export async function takeLeases({ target }: Config, databases: readonly string[], signal: AbortSignal): Promise<AsyncDisposable> {
  const sessions: Session[] = []
  const held: Problem[] = []
  const close = async () => void (await Promise.all(sessions.map((session) => session[Symbol.asyncDispose]())))
  try {
    for (const database of databases) {
      const session = await openSession(target, { database, signal })
      sessions.push(session)
      await takeLease(session).catch((error: unknown) => {
        if (!(error instanceof ReplicatorError) || error.code !== 'lease-held') throw error
        held.push(error.finding)
      })
    }
    if (held.length > 0) throw new Rejection(held)
  } catch (error) {
    await close()
    throw error
  }
  return { [Symbol.asyncDispose]: close }
}

import { openSession, type Session } from '../pg/session.ts'
import { openTargetSession } from './copy-worker.ts'
import type { DatabaseRun } from './database-run.ts'

/** The sessions of the phases around the copy: one on the source, outside of the snapshot, and `jobs` on the target. */
export interface PhaseSessions extends AsyncDisposable {
  readonly source: Session
  readonly target: Session
  readonly targets: readonly [Session, ...Session[]]
}

export async function openPhaseSessions({ source, target, database, jobs, signal }: DatabaseRun): Promise<PhaseSessions> {
  const opened: Session[] = []
  const keep = async (opening: Promise<Session>) => {
    const session = await opening
    opened.push(session)
    return session
  }
  const close = async () => void (await Promise.all(opened.map((session) => session[Symbol.asyncDispose]())))
  try {
    const first = await keep(openTargetSession(target, database, signal))
    const others = await Promise.all(Array.from({ length: jobs - 1 }, () => keep(openTargetSession(target, database, signal))))
    return {
      source: await keep(openSession(source, { database, signal })),
      target: first,
      targets: [first, ...others],
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

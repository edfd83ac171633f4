import type { Session } from '../session.ts'

/** Several reads that see the same moment, and can change nothing. */
export async function inOneSnapshot<T>(session: Session, body: () => Promise<T>): Promise<T> {
  await session.run('begin isolation level repeatable read read only')
  const result = await body().catch(async (error: unknown) => {
    if (session.alive) await session.run('rollback').catch(() => undefined)
    throw error
  })
  await session.run('commit')
  return result
}

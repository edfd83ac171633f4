import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { compareTables } from './compare.ts'
import type { DatabasePair, TestDatabase } from './database-pair.ts'
import { runOn } from './engine.ts'
import { connect } from './query.ts'

/** Once every table streams, and everything has arrived. Nobody may be writing any more. */
export async function expectFollowed({ source, target }: DatabasePair): Promise<void> {
  await expect.poll(() => unready(target), { timeout: 60_000, interval: 200 }).toEqual([])
  await expect.poll(() => compareTables(source.url, target.url), { timeout: 60_000, interval: 200 }).toEqual([])
}

function unready(target: TestDatabase): Promise<unknown[]> {
  return target.query(
    `select srrelid::regclass as table, srsubstate as state
       from pg_subscription_rel join pg_subscription s on s.oid = srsubid
       join pg_database d on d.oid = subdbid and datname = current_database() where srsubstate <> 'r'`,
  )
}

export async function removeAll(pair: DatabasePair): Promise<void> {
  expect((await runOn(pair, 'cleanup')).result).toMatchObject({ problems: [], outcome: 'done' })
}

export interface Loop {
  stop(): Promise<void>
}

/** Runs the same statements, with a number of their own for `$1`, again and again. An error ends it, and is thrown when it's stopped. */
export async function startLoop({ url }: TestDatabase, ...statements: readonly string[]): Promise<Loop> {
  let stopping = false
  const loop = async () => {
    await using session = await connect(url)
    for (let number = 0; !stopping; number++) {
      for (const statement of statements) await session.query(statement.replaceAll('$1', String(number)))
      await sleep(2)
    }
  }
  const ended = loop().then(
    () => undefined,
    (error: unknown) => error,
  )
  return {
    async stop() {
      stopping = true
      const error = await ended
      if (error !== undefined) throw error
    },
  }
}

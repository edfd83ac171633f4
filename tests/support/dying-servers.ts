import type { LaneServers } from '../../src/engine/replication/lane-servers.ts'
import type { Session } from '../../src/pg/session.ts'

/** Sessions that are good for so many statements that change something, both together; the next is never sent. */
export function dyingAfter({ source, target }: LaneServers, statements: number): LaneServers {
  let left = statements
  const dying = (session: Session): Session => ({
    ...session,
    alive: true,
    run: async (sql) => {
      if (left === 0) throw new Error('killed')
      left -= 1
      await session.run(sql)
    },
  })
  return { source: dying(source), target: dying(target) }
}

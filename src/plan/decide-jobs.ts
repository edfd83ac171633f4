import type { ObservedServer } from './observed.ts'

/** Besides one session per job: the control session, the relays of the snapshot, and a client tool. */
const sessionsBesides = 4

/**
 * As many copies at once as this machine has processors, and no more than half of what either server has free. The load is bound
 * by the target's processors, which nothing tells; two keep both servers busy even where this machine has one.
 */
export function decideJobs(
  asked: number | undefined,
  processors: number,
  servers: readonly Pick<ObservedServer, 'connections' | 'superuser'>[],
): number {
  if (asked !== undefined) return asked
  const spare = servers.map(
    ({ connections: { maximum, reserved, used }, superuser }) => (maximum - (superuser ? 0 : reserved) - used - sessionsBesides) / 2,
  )
  return Math.min(8, Math.max(2, Math.min(processors, ...spare.map(Math.floor))))
}

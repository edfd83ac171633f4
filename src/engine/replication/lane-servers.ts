import type { Session } from '../../pg/session.ts'

/** Sessions in the lane's database on both sides. */
export interface LaneServers {
  readonly source: Session
  readonly target: Session
}

import type { LagMeasure } from './lag-measure.ts'
import type { ReplicationReading } from './replication-reading.ts'
import { isReady } from './replication-state.ts'
import { counted, listed, spelled } from './rules/listing.ts'

/** What must hold before whatever waits for the target may go on. */
export interface Thresholds {
  readonly maxLagBytes: bigint | undefined
  readonly maxLagSeconds: number | undefined
}

/** Why a reading doesn't do, in words, or by the codes of its problems; none: it does. What isn't known isn't met. */
export function unmet({ state, lag, lagBytes, findings }: ReplicationReading, { maxLagBytes, maxLagSeconds }: Thresholds): string[] {
  const problems = findings.filter(({ severity }) => severity === 'problem')
  if (problems.length > 0) return [...new Set(problems.map(({ code }) => code))]
  const reasons: string[] = []
  for (const { lane, subscription } of state.lanes) {
    if (subscription === null) reasons.push(`lane ${lane} isn’t subscribed yet`)
    else if (subscription.workerPid === null) reasons.push(`the worker of ${subscription.name} isn’t running`)
  }
  const waiting = state.tables.filter((table) => !isReady(table, state))
  if (waiting.length > 0) {
    const names = waiting.map(({ schema, name }) => spelled(schema, name))
    reasons.push(`${counted(waiting.length, 'table')} of ${state.tables.length.toLocaleString('en-US')} not ready: ${listed(names, 5)}`)
  }
  if (lagBytes === null) reasons.push('the lag in bytes is not known')
  else if (maxLagBytes !== undefined && lagBytes > maxLagBytes)
    reasons.push(`the lag is ${lagBytes.toLocaleString('en-US')} bytes, more than ${maxLagBytes.toLocaleString('en-US')}`)
  if (maxLagSeconds !== undefined && (lag.atMost === null || lag.atMost > maxLagSeconds)) reasons.push(secondsWords(lag, maxLagSeconds))
  return reasons
}

function secondsWords({ atLeast, atMost }: LagMeasure, most: number): string {
  if (atLeast === null) return 'the lag in seconds is not known'
  const seconds = atLeast < 0.1 ? Math.max(atLeast, 0.001).toFixed(3) : atLeast.toFixed(1)
  const figure = atLeast === atMost ? `${seconds} s` : `at least ${seconds} s`
  return atLeast > most ? `the lag is ${figure}, more than ${most} s` : `the lag is ${figure}, and may be more than ${most} s`
}

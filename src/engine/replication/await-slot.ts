import { ReplicatorError, warning } from '../../errors.ts'
import { readSlotBlockers, type SlotBlocker } from '../../pg/catalog/replication/slot-blockers.ts'
import { toReplicatorError } from '../../pg/database-error.ts'
import { type CreatedSlot, createSlot } from '../../pg/replication-session.ts'
import { openSession } from '../../pg/session.ts'
import type { DatabaseRun } from '../database-run.ts'
import { isRefusal } from '../warnings.ts'
import { dropSlot } from './drop-slot.ts'

/** Seconds until it's said who is waited for, and until it's given up: as long as that, the application's own DDL may be waiting behind. */
const patience = 10
const deadline = 600

/** The slot, once every transaction is over that was open before; tells who holds it up. */
export async function awaitSlot(run: DatabaseRun, slot: string): Promise<CreatedSlot> {
  const { source, database, emit, plan } = run
  const late = new AbortController()
  const signal = AbortSignal.any([run.signal, late.signal])
  const creating = createSlot({ source, database, slot, failover: plan.replication?.failover ?? false, signal })
  let blockers: readonly SlotBlocker[] = []
  const watch = setInterval(() => {
    void readBlockers(run)
      .then((found) => {
        if (blockers.length === 0 && found.length > 0) emit({ type: 'warning', warning: waitingFor(found, database) })
        blockers = found
      })
      .catch(() => undefined)
  }, patience * 1000)
  const timer = setTimeout(() => late.abort(new Error('late')), deadline * 1000)
  try {
    return await creating
  } catch (error) {
    if (!isRefusal(error)) await abandon(run, slot)
    if (!late.signal.aborted || run.signal.aborted) throw error
    throw new ReplicatorError('slot-blocked', `the slot could not be made in ${deadline} s: ${describe(blockers)}`, {
      database,
      hint: 'End these transactions, or wait for them, and start the command again. Nothing was left behind but the publication.',
    })
  } finally {
    clearInterval(watch)
    clearTimeout(timer)
  }
}

/** Milliseconds: a runner that was told to stop kills us soon. */
const afterSignal = 5000

/** While it waits the server doesn't notice that we're gone, and would make the slot after all, for nobody. What this can't reach, the next run finds. */
async function abandon({ source, database }: DatabaseRun, slot: string): Promise<void> {
  try {
    await using session = await openSession(source, { database, signal: AbortSignal.timeout(afterSignal) })
    await dropSlot(session, slot)
  } catch (error) {
    if (toReplicatorError(error).code === 'internal') throw error
  }
}

async function readBlockers({ source, database, signal }: DatabaseRun): Promise<SlotBlocker[]> {
  await using session = await openSession(source, { database, signal })
  return await readSlotBlockers(session)
}

function waitingFor(blockers: readonly SlotBlocker[], database: string) {
  const pids = blockers.flatMap(({ pid }) => (pid === null ? [] : [`SELECT pg_terminate_backend(${pid});`]))
  return warning('slot-blocked', `the slot is made once older transactions are over: ${describe(blockers)}`, {
    database,
    hint: `It's waited for up to ${deadline / 60} minutes. End them if they are forgotten ones.`,
    ...(pids.length === 0 ? {} : { sql: pids.join('\n') }),
  })
}

function describe(blockers: readonly SlotBlocker[]): string {
  return blockers.map(({ pid, who, seconds }) => `${pid === null ? '' : `process ${pid}, `}${who}, since ${seconds} s`).join('; ')
}

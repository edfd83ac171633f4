import { z } from 'zod'
import { ReplicatorError } from '../../errors.ts'
import { runMark, type Session } from '../../pg/session.ts'
import { sqlstate } from '../../pg/sqlstate.ts'
import type { ObservedRefusal } from '../../plan/observed-replication.ts'
import { probeSubscriptionSql } from '../../sql/subscription.ts'
import { withoutStatementLog } from '../roles/without-statement-log.ts'

/** Seconds. The server heeds no connect_timeout there. */
const patience = 20

/**
 * Has the server of `target` dial the source as a subscription would, from where it counts: name resolution, firewall, pg_hba.conf, TLS, credentials
 * and the attribute of the role show in one go. Rolled back: nothing stays on either side. Null: it reached it.
 */
export async function probeSubscription(target: Session, conninfo: string): Promise<ObservedRefusal | null> {
  const { superuser } = await target.one(
    z.object({ superuser: z.boolean() }),
    'select rolsuper as superuser from pg_catalog.pg_roles where rolname = current_user',
  )
  return await withoutStatementLog(target, superuser, async () => {
    await target.run(`begin; set local statement_timeout = '${patience}s'; set local client_min_messages = error`)
    try {
      await target.run(probeSubscriptionSql(`seren_replication_probe_${runMark}`, conninfo))
      return null
    } catch (error) {
      if (!(error instanceof ReplicatorError) || error.server === undefined || !target.alive) throw error
      return refusal(error.message, error.server)
    } finally {
      if (target.alive) await target.run('rollback')
    }
  })
}

function refusal(message: string, { sqlstate: state, detail, hint }: NonNullable<ReplicatorError['server']>): ObservedRefusal {
  const words = state === sqlstate.queryCanceled ? [`no answer within ${patience} s`] : [message, detail, hint]
  const text = words.filter((one) => one !== undefined).join('. ')
  // From 17 on it names the subscription, which nobody is to look for.
  return { sqlstate: state, message: text.replaceAll(/\s*\n\s*/g, ' ').replace(/^subscription "[^"]*" /, '') }
}

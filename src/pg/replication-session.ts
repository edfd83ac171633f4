import pg from 'pg'
import { z } from 'zod'
import type { ConnectionSettings } from '../config/config.ts'
import type { ObservedRefusal } from '../plan/observed-replication.ts'
import { identifier } from '../sql/identifier.ts'
import { type Lsn, lsn } from '../sql/lsn.ts'
import { connectClient } from './connect.ts'
import { toReplicatorError } from './database-error.ts'
import { applicationName } from './session.ts'

/** A slot with the snapshot that is exact at its consistent point. */
export interface CreatedSlot extends AsyncDisposable {
  /** Lives until the connection is closed. */
  readonly snapshot: string
  readonly consistentPoint: Lsn
}

export interface SlotRequest {
  readonly source: ConnectionSettings
  readonly database: string
  readonly slot: string
  /** Known to the source's standbys (17+). */
  readonly failover: boolean
  readonly signal: AbortSignal
}

/**
 * Makes the slot, on a replication connection of its own: the SQL function exports no snapshot, and any further command on the connection
 * would end it. Creation waits for every transaction that is older; closed before it's done, the server drops the slot itself.
 * https://www.postgresql.org/docs/current/protocol-replication.html#PROTOCOL-REPLICATION-CREATE-REPLICATION-SLOT
 */
export async function createSlot({ source, database, slot, failover, signal }: SlotRequest): Promise<CreatedSlot> {
  const client = await connectReplication(source, database)
  const close = () => client.connection.stream.destroy()
  const abort = () => close()
  signal.addEventListener('abort', abort, { once: true })
  try {
    signal.throwIfAborted()
    await client.query("set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0; set search_path = ''")
    const { rows } = await client.query("select pg_catalog.current_setting('server_version_num')::pg_catalog.int4 as version")
    const [{ version }] = z.tuple([z.object({ version: z.number() })]).parse(rows)
    const modern = version >= 150_000
    const options = modern ? `(SNAPSHOT 'export'${failover ? ', FAILOVER' : ''})` : 'EXPORT_SNAPSHOT'
    const result = await client.query(`CREATE_REPLICATION_SLOT ${identifier(slot)} LOGICAL pgoutput ${options}`)
    const [row] = z.tuple([created]).parse(result.rows)
    return {
      snapshot: row.snapshot_name,
      consistentPoint: parseLsn(row.consistent_point),
      async [Symbol.asyncDispose]() {
        signal.removeEventListener('abort', abort)
        close()
      },
    }
  } catch (error) {
    signal.removeEventListener('abort', abort)
    close()
    signal.throwIfAborted()
    throw toReplicatorError(error, { database })
  }
}

/**
 * Whether the server takes replication connections of this role; null: it does. A pooler may drop the parameter that asks for one, and not know
 * the command then.
 */
export async function tryReplicationConnection(source: ConnectionSettings, database: string): Promise<ObservedRefusal | null> {
  let client: ReplicationClient | undefined
  try {
    client = await connectReplication(source, database)
    await client.query('IDENTIFY_SYSTEM')
    return null
  } catch (error) {
    const { code, message, server } = toReplicatorError(error, { database, settings: source })
    if (code === 'internal') throw error
    return { sqlstate: server?.sqlstate ?? null, message: [message, server?.detail].filter((one) => one !== undefined).join('. ') }
  } finally {
    client?.connection.stream.destroy()
  }
}

const created = z.object({ snapshot_name: z.string(), consistent_point: z.string() })

type ReplicationClient = pg.Client & { readonly connection: { readonly stream: { destroy(): void } } }

async function connectReplication(source: ConnectionSettings, database: string): Promise<ReplicationClient> {
  const client = await connectClient(source, {
    database,
    applicationName: applicationName(source),
    types: pg.types,
    replication: 'database',
  })
  return client as ReplicationClient
}

function parseLsn(text: string): Lsn {
  const [high = '0', low = '0'] = text.split('/')
  return lsn((BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`))
}

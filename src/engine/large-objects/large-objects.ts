import { z } from 'zod'
import { ReplicatorError, type Warning, warning } from '../../errors.ts'
import type { Emit } from '../../events.ts'
import type { Session } from '../../pg/session.ts'
import { identifier } from '../../sql/identifier.ts'
import { collectWarnings, isRefusal, serverHint, type Warnings } from '../warnings.ts'
import {
  type Batch,
  createBuffer,
  inBatches,
  type LargeObject,
  pageSize,
  readPage,
  relayContent,
  writeContent,
} from './large-object-content.ts'
import { readProperties } from './large-object-properties.ts'

interface CopyLargeObjects {
  /** Inside a transaction with the imported snapshot; used for nothing else meanwhile. */
  readonly source: Session
  readonly target: Session
  readonly database: string
  /** Writes the ledger row; runs in the transaction of the part's objects. `parts` is the same in all calls. */
  readonly record: (session: Session, part: number, parts: number, rows: bigint, bytes: bigint) => Promise<void>
  readonly emit: Emit
  readonly signal: AbortSignal
}

export interface CopiedLargeObjects {
  readonly count: bigint
  readonly bytes: bigint
  readonly warnings: readonly Warning[]
}

/**
 * Copies all large objects under the same oids, with owners, grants, comments and labels; a page of them in each transaction. It starts
 * over: what an earlier run left is from another snapshot, and removed (a target with others' large objects isn't accepted in the
 * first place). Each object is made as its owner, which spares an ALTER, and a lock, for each.
 * https://www.postgresql.org/docs/current/lo-funcs.html
 */
export async function copyLargeObjects({ source, target, database, record, emit, signal }: CopyLargeObjects): Promise<CopiedLargeObjects> {
  const copy: Copy = {
    source,
    target,
    database,
    warnings: collectWarnings(emit),
    reported: new Set(),
    roles: await readRolesToActAs(target),
    signal,
  }
  try {
    await unlinkAll(target, signal)
    const { total } = await source.one(z.object({ total: z.bigint() }), 'select count(*) as total from pg_catalog.pg_largeobject_metadata')
    const parts = Math.max(1, Math.ceil(Number(total) / pageSize))
    let bytes = 0n
    for (let part = 0, last = 0; part < parts; part++) {
      signal.throwIfAborted()
      const page = await readPage(source, last)
      await target.run(`begin;${createBuffer}`)
      const size = await copyPage(copy, page)
      await record(target, part, parts, BigInt(page.length), size)
      await target.run('commit')
      bytes += size
      last = page.at(-1)?.oid ?? last
    }
    return { count: total, bytes, warnings: copy.warnings.list }
  } catch (error) {
    if (target.alive) await target.run('rollback').catch(() => undefined)
    throw isRefusal(error) ? failure(error, database) : error
  }
}

interface Copy {
  readonly source: Session
  readonly target: Session
  readonly database: string
  readonly warnings: Warnings
  /** What was reported before: each page would say the same again. */
  readonly reported: Set<string>
  /** Roles of the target that our role may become. */
  readonly roles: ReadonlySet<string>
  readonly signal: AbortSignal
}

async function readRolesToActAs(target: Session): Promise<ReadonlySet<string>> {
  const rows = await target.rows(
    z.object({ name: z.string() }),
    `select rolname::text as name
       from pg_catalog.pg_roles
      where pg_catalog.pg_has_role(oid, '${target.versionNumber >= 160000 ? 'set' : 'member'}')`,
  )
  return new Set(rows.map(({ name }) => name))
}

/** Each takes a lock until its transaction ends, so not all at once. */
async function unlinkAll(target: Session, signal: AbortSignal): Promise<void> {
  for (let left = pageSize; left === pageSize; ) {
    signal.throwIfAborted()
    const { unlinked } = await target.one(
      z.object({ unlinked: z.number() }),
      `select count(pg_catalog.lo_unlink(l.oid))::int as unlinked
         from (select oid from pg_catalog.pg_largeobject_metadata order by oid limit ${pageSize}) l`,
    )
    left = unlinked
  }
}

async function copyPage(copy: Copy, page: readonly LargeObject[]): Promise<bigint> {
  await copyContent(copy, inBatches(page))
  for (const { as, what, sql } of await readProperties(copy.source, page)) {
    await actAs(copy, as)
    await attemptInTransaction(copy, what, sql)
  }
  await copy.target.run('reset role')
  return page.reduce((sum, { size }) => sum + BigInt(size), 0n)
}

async function copyContent(copy: Copy, batches: readonly Batch[]): Promise<void> {
  const { source, target, signal } = copy
  for (const batch of batches) {
    signal.throwIfAborted()
    await target.run('reset role')
    await relayContent(source, target, batch)
    await actAs(copy, batch.owner)
    await target.run(writeContent)
  }
}

async function actAs(copy: Copy, role: string): Promise<void> {
  if (copy.roles.has(role)) return copy.target.run(`set local role ${identifier(role)}`)
  await copy.target.run('reset role')
  report(
    copy,
    `large objects of ${identifier(role)} belong to ${identifier(copy.target.settings.user)}: our role can not become their owner`,
    {
      hint: 'Change the owner by ALTER LARGE OBJECT … OWNER TO, as a role that may.',
    },
  )
}

/** A refused statement must not cost the contents. */
async function attemptInTransaction(copy: Copy, what: string, sql: string): Promise<void> {
  try {
    await copy.target.run(`savepoint property;\n${sql};\nrelease savepoint property`)
  } catch (error) {
    if (!isRefusal(error)) throw error
    await copy.target.run('rollback to savepoint property;\nrelease savepoint property')
    report(copy, `large objects are without ${what}: ${error.message}`, { hint: serverHint(error) })
  }
}

function report(copy: Copy, message: string, more: { readonly hint: string }): void {
  if (copy.reported.has(message)) return
  copy.reported.add(message)
  copy.warnings.add(warning('statement-skipped', message, { database: copy.database, ...more }))
}

function failure(error: ReplicatorError, database: string): ReplicatorError {
  return new ReplicatorError('large-object-failed', `the large objects were not copied: ${error.message}`, {
    database,
    hint: serverHint(error),
    cause: error,
    ...(error.server === undefined ? {} : { server: error.server }),
  })
}

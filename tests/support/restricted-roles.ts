import { expect, type TestContext } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { expectDone, expectEqual, expectRemoved, expectUndisturbed } from './continuous.ts'
import { type DatabasePair, databasePair, type TestDatabase } from './database-pair.ts'
import { query } from './query.ts'
import { loadWriterTables, startWriter } from './writer.ts'

const owner = { user: 'application', password: 'of the application' }
const mover = { user: 'mover', password: 'of the mover' }
const login = ({ user, password }: typeof owner, more = '') => `create role ${user} login password '${password}' ${more}`

/**
 * The whole flow by roles as providers give them: on the source one that may replicate and is a member of what owns the tables, on the target
 * one that may create databases, roles and subscriptions, and owns nothing yet. Neither is a superuser, nor is the writer.
 */
export async function expectDoneByRestrictedRoles(context: TestContext, source: ServerMajor, target: ServerMajor): Promise<void> {
  const pair = await databasePair(context, { source, target, own: true, createTarget: false })
  await restrictSource(pair.source)
  await query(pair.target.server.url(), `${login(mover, 'createdb createrole')}; grant pg_create_subscription to mover`)
  const restricted = { ...pair, source: as(pair.source, mover), target: as(pair.target, mover) }
  const application = as(pair.source, owner)
  await loadWriterTables(application)
  await using writer = await startWriter(application)
  await expectDone(restricted, 'validate')
  await expectDone(restricted, 'init')
  await expectDone(restricted, 'sync')
  await expectDone(restricted, 'status')
  await expectUndisturbed(writer)
  await expectEqual(pair)
  await expectDone(restricted, 'verify')
  const lent = await memberships(pair)
  expect(lent).toContainEqual({ of: owner.user, inherits: 't', sets: 't' })
  await expectDone(restricted, 'cleanup')
  await expectRemoved(pair)
  // What the subscription's worker needed is given back; what a role that was made by ours has of it stays.
  expect(await memberships(pair)).not.toContainEqual({ of: owner.user, inherits: 't', sets: 't' })
}

function as(database: TestDatabase, credentials: typeof owner): TestDatabase {
  const url = database.server.url(database.name, credentials)
  return { ...database, url, query: (sql, values) => query(url, sql, values) }
}

async function restrictSource({ server, name }: TestDatabase): Promise<void> {
  const grants = `grant ${owner.user} to ${mover.user}; alter database "${name}" owner to ${owner.user}`
  await query(server.url(), `${login(owner)}; ${login(mover, 'replication')}; ${grants}`)
}

async function memberships({ target }: DatabasePair): Promise<Record<string, unknown>[]> {
  return target.query(
    `select roleid::regrole::text as of, inherit_option as inherits, set_option as sets from pg_auth_members where member = $1::regrole`,
    [mover.user],
  )
}

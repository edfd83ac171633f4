import { randomBytes } from 'node:crypto'
import { parseConnectionUrl } from '../../../config/connection-url.ts'
import { openSession, type Session } from '../../../pg/session.ts'
import type { EmbeddedServer } from '../embedded-server.ts'
import { accessSql, largeObjectSql } from './access.ts'
import { businessKeys, catalogueKeys, foreignKeys } from './keys.ts'
import { programSql } from './programs.ts'
import { databaseSql, rolesSql } from './roles.ts'
import { businessRows, catalogueRows } from './rows.ts'
import { schemaSql } from './schema.ts'

/** Makes the film rental shop on the server. Returns the connection URL of its owner, an ordinary role. */
export async function loadSampleData(server: EmbeddedServer, signal: AbortSignal): Promise<string> {
  const password = randomBytes(12).toString('base64url')
  await using superuser = await sessionOf(server.url(), signal)
  await superuser.run(rolesSql(password))
  await superuser.run('create database shop owner shop_owner')
  await using administrator = await sessionOf(server.url('shop'), signal)
  await administrator.run(databaseSql)

  const url = server.url('shop', { user: 'shop_owner', password })
  await using first = await sessionOf(url, signal)
  await using second = await sessionOf(url, signal)
  await first.run(schemaSql)
  await Promise.all([first.run(catalogueRows), second.run(businessRows)])
  await Promise.all([first.run(catalogueKeys), second.run(businessKeys)])
  await first.run(foreignKeys)
  await first.run(programSql)
  await Promise.all([first.run(accessSql), second.run(largeObjectSql)])
  await administrator.run('set default_statistics_target = 10; analyze')
  return url
}

function sessionOf(url: string, signal: AbortSignal): Promise<Session> {
  return openSession(parseConnectionUrl(url, { user: 'postgres' }), { signal })
}

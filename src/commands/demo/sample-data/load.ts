import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { parseConnectionUrl } from '../../../config/connection-url.ts'
import { openSession, type Session } from '../../../pg/session.ts'
import type { EmbeddedServer } from '../embedded-server.ts'
import { accessSql, largeObjectSql } from './access.ts'
import { businessKeys, catalogueKeys, foreignKeys } from './keys.ts'
import { programSql } from './programs.ts'
import { databaseSql, rolesSql } from './roles.ts'
import { businessRows, catalogueRows } from './rows.ts'
import { schemaSql } from './schema.ts'

export interface SampleData {
  /** As the shop's owner, an ordinary role. */
  readonly ownerUrl: string
  /** As the shop's application. */
  readonly appUrl: string
  readonly films: number
  /** How much there is, in words. */
  readonly description: string
}

/** Makes the film rental shop on the server: 200 MB with the usual number of films. */
export async function loadSampleData(server: EmbeddedServer, signal: AbortSignal, films = 20_000): Promise<SampleData> {
  const password = randomBytes(12).toString('base64url')
  await using superuser = await sessionOf(server.url(), signal)
  await superuser.run(rolesSql(password))
  await superuser.run('create database shop owner shop_owner')
  await using administrator = await sessionOf(server.url('shop'), signal)
  await administrator.run(databaseSql)

  const ownerUrl = server.url('shop', { user: 'shop_owner', password })
  const appUrl = server.url('shop', { user: 'shop_app', password })
  await using first = await sessionOf(ownerUrl, signal)
  await using second = await sessionOf(ownerUrl, signal)
  await first.run(schemaSql)
  await Promise.all([first.run(catalogueRows(films)), second.run(businessRows(films))])
  await Promise.all([first.run(catalogueKeys), second.run(businessKeys)])
  await first.run(foreignKeys)
  await first.run(programSql)
  await Promise.all([first.run(accessSql), second.run(largeObjectSql)])
  await administrator.run('set default_statistics_target = 10; analyze')
  const { description } = await administrator.one(described, descriptionSql)
  return { ownerUrl, appUrl, films, description }
}

const described = z.object({ description: z.string() })
const descriptionSql = `
select format('%s tables, %s', count(*), pg_catalog.pg_size_pretty(pg_catalog.pg_database_size('shop'))) as description
  from pg_catalog.pg_class
 where relkind = 'r'
   and relnamespace = 'shop'::regnamespace`

function sessionOf(url: string, signal: AbortSignal): Promise<Session> {
  return openSession(parseConnectionUrl(url, { user: 'postgres' }), { signal })
}

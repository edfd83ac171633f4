import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { databasePair } from '../support/database-pair.ts'

describe('a pair of databases', () => {
  test('is of the majors asked for', async (context) => {
    const { source, target } = await databasePair(context, { source: 12, target: 17 })
    const version = 'SELECT current_setting($1) AS version, current_database() AS name'
    expect(await source.query(version, ['server_version'])).toEqual([{ version: '12.22', name: source.name }])
    expect(await target.query(version, ['server_version'])).toEqual([{ version: '17.10', name: source.name }])
  })

  test('can have servers of its own', async (context) => {
    const { source, target } = await databasePair(context, { source: 15, target: 15, own: { settings: { work_mem: '7MB' } } })
    expect(await source.query('SHOW work_mem')).toEqual([{ work_mem: '7MB' }])
    expect(target.server.port).not.toBe(source.server.port)
  })

  test.fails('fails the test that leaves a slot', async (context) => {
    const { source } = await databasePair(context)
    await source.query(`SELECT pg_create_logical_replication_slot('left_' || md5(current_database()), 'pgoutput')`)
  })

  test.fails('fails the test that leaves a temporary file', async (context) => {
    await databasePair(context)
    await writeFile(join(tmpdir(), 'left'), '')
  })
})

import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clientTools, dumpSchema } from '../support/client-tools.ts'
import { compareDatabases } from '../support/compare.ts'
import { databasePair } from '../support/database-pair.ts'
import { pagila } from '../support/pagila.ts'

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

describe('the comparison of databases', () => {
  test.skipIf(!pagila)('finds a copy by the client tools equal, and one changed row different', async (context) => {
    const { source, target } = await databasePair(context, { source: 15, target: 18 })
    await source.load(...(pagila ?? []))
    const copy = `"$0/pg_dump" -Fc -Z0 "$1" | "$0/pg_restore" -d "$2"`
    execFileSync('/bin/sh', ['-c', copy, clientTools(15), source.url, target.url])
    expect(await compareDatabases(source.url, target.url)).toEqual([])
    expect(await dumpSchema(target.url)).toBe(await dumpSchema(source.url))
    await target.query(`UPDATE actor SET first_name = 'Nobody' WHERE actor_id = 7`)
    expect(await compareDatabases(source.url, target.url)).toEqual([expect.stringContaining('table public.actor: source')])
  })
})

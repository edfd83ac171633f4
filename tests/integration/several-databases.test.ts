import { expect, test } from 'vitest'
import { clientTools } from '../support/client-tools.ts'
import { compareDatabases } from '../support/compare.ts'
import { databasePair } from '../support/database-pair.ts'
import { engineConfig, runConfig } from '../support/engine.ts'
import { query } from '../support/query.ts'

const names = ['my-db', 'Weird "Name" with spaces', `${'ü'.repeat(31)}x`]

test('without a selection every database of the source arrives, whatever its name, at once', async (context) => {
  const pair = await databasePair(context, { source: 15, target: 18, own: true, createTarget: false })
  const { server } = pair.source
  const expected = [...names, pair.source.name].toSorted()
  for (const [number, name] of names.entries()) {
    await query(server.url(), `create database "${name.replaceAll('"', '""')}"`)
    await query(
      server.url(name),
      `create table same_name (id int primary key, value text); insert into same_name select n, '${number}' || n from generate_series(1, 1000) n`,
    )
  }
  // Not for us: a database that lets nobody in is no error.
  await query(server.url(), 'create database closed allow_connections false')

  const everything = engineConfig(pair, { snapshotOnly: true, clientTools: { kind: 'folder', path: clientTools(15) } })
  const config = { ...everything, scope: { ...everything.scope, includeDatabases: [] } }
  expect((await runConfig('init', config)).result).toMatchObject({ problems: [], outcome: 'done' })
  const { result } = await runConfig('verify', { ...config, command: 'verify' })
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  expect(result.databases.map(({ name }) => name).toSorted()).toEqual(expected)
  for (const name of names) expect(await compareDatabases(server.url(name), pair.target.server.url(name))).toEqual([])
  const arrived = await query(
    pair.target.server.url(),
    "select datname from pg_database where not datistemplate and datname <> 'postgres' order by 1",
  )
  expect(arrived.map((row) => row['datname']).toSorted()).toEqual(expected)
})

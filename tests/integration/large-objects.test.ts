import { describe, expect, test } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { copyLargeObjects } from '../../src/engine/large-objects/large-objects.ts'
import type { Session } from '../../src/pg/session.ts'
import { compareDatabases } from '../support/compare.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { loadSql } from '../support/load-sql.ts'
import { sessionOn } from '../support/session.ts'

const plain = { user: 'limited', password: 'limited' }

/** Empty, small, over a page and a piece, with holes, and with the highest oid. */
const objects = `
  SELECT lo_from_bytea(0, decode(repeat(md5(n::text), n % 40), 'hex')) FROM generate_series(1, 1200) n;
  SELECT lo_create(4294967295);
  SELECT lo_from_bytea(50001, '');
  SELECT lo_from_bytea(50002, decode(repeat(md5('x'), 2097152 / 16), 'hex'));
  SELECT lo_from_bytea(50003, decode(repeat(md5('y'), 5000000 / 16), 'hex'));
  SELECT lo_from_bytea(50004, '\\x01');
  SELECT lo_put(50004, 3000000, '\\x0203');`

const login = `CREATE ROLE ${plain.user} LOGIN CREATEROLE CREATEDB PASSWORD '${plain.password}'`
const roles = `${login}; CREATE ROLE owner; CREATE ROLE other; CREATE ROLE "Read ""er"""`

const properties = `
  ALTER LARGE OBJECT 50001 OWNER TO owner;
  ALTER LARGE OBJECT 50002 OWNER TO owner;
  ALTER LARGE OBJECT 50003 OWNER TO other;
  COMMENT ON LARGE OBJECT 50001 IS 'it''s \\ ☃';
  COMMENT ON LARGE OBJECT 50003 IS 'two';
  GRANT SELECT ON LARGE OBJECT 50001, 50002, 50004 TO "Read ""er""", PUBLIC;
  GRANT ALL ON LARGE OBJECT 50002 TO other WITH GRANT OPTION;
  REVOKE UPDATE ON LARGE OBJECT 50001 FROM owner;
  REVOKE ALL ON LARGE OBJECT 50003 FROM other;
  SET ROLE other;
  GRANT UPDATE ON LARGE OBJECT 50002 TO "Read ""er""";
  RESET ROLE;`

describe('large objects', () => {
  test.for<[ServerMajor, ServerMajor]>([
    [12, 18],
    [18, 12],
    [15, 17],
  ])('from %i to %i are equal with owners, grants and comments', async ([from, to], context) => {
    const pair = await databasePair(context, { source: from, target: to, own: true })
    for (const { server } of [pair.source, pair.target]) await loadSql(server.url(), roles)
    await loadSql(pair.source.url, objects + properties)
    const { recorded, result } = await copy(pair)
    expect(result.warnings).toEqual([])
    expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
    expect(recorded.map(({ part, parts, rows }) => [part, parts, rows])).toEqual([
      [0, 3, 500n],
      [1, 3, 500n],
      [2, 3, 205n],
    ])
    expect(recorded.reduce((sum, { bytes }) => sum + bytes, 0n)).toBe(result.bytes)
    expect(result.count).toBe(1205n)
  })

  test.for<ServerMajor>([15, 18])('need no superuser on either side, on %i', async (major, context) => {
    const pair = await databasePair(context, { source: major, target: major, own: true })
    await loadSql(pair.source.server.url(), roles)
    await loadSql(pair.target.server.url(), `${login}; CREATE ROLE other`)
    await loadSql(pair.target.server.url('postgres', plain), `CREATE ROLE owner; GRANT owner TO ${plain.user}`)
    await loadSql(pair.source.url, objects)
    await loadSql(
      pair.source.url,
      `UPDATE pg_largeobject_metadata SET lomowner = '${plain.user}'::regrole;
       ALTER LARGE OBJECT 50001 OWNER TO other; ALTER LARGE OBJECT 50002 OWNER TO owner; ALTER LARGE OBJECT 50003 OWNER TO owner;
       GRANT SELECT ON LARGE OBJECT 50001, 50002 TO PUBLIC; GRANT SELECT ON LARGE OBJECT 50003 TO ${plain.user}, "Read ""er"""`,
    )
    const { result } = await copy(pair, plain)
    expect(await compareDatabases(pair.source.url, pair.target.url, { owners: false })).toEqual([])
    expect(result.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^large objects of "other" belong to "limited"/),
      expect.stringMatching(/^large objects are without the grants of SELECT to "Read ""er""": role .* does not exist/),
    ])
    const sql =
      'SELECT oid, lomowner::regrole AS owner, lomacl AS grants FROM pg_largeobject_metadata WHERE oid BETWEEN 50001 AND 50004 ORDER BY 1'
    expect(await pair.target.query(sql)).toEqual([
      { oid: '50001', owner: plain.user, grants: '{limited=rw/limited,=r/limited}' },
      { oid: '50002', owner: 'owner', grants: '{owner=rw/owner,=r/owner}' },
      { oid: '50003', owner: 'owner', grants: '{owner=rw/owner,limited=r/owner}' },
      { oid: '50004', owner: plain.user, grants: null },
    ])
  })

  test('start over after a failure, and leave no part that the ledger does not know', async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18 })
    await loadSql(pair.source.url, objects)
    const stop = new Error('stopped')
    await expect(copy(pair, undefined, (part) => (part === 1 ? Promise.reject(stop) : Promise.resolve()))).rejects.toBe(stop)
    expect(await pair.target.query('SELECT count(*) FROM pg_largeobject_metadata')).toEqual([{ count: '500' }])
    await loadSql(pair.source.url, 'SELECT lo_unlink(oid) FROM (SELECT oid FROM pg_largeobject_metadata ORDER BY oid LIMIT 3) AS one')
    await copy(pair)
    expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
  })

  test('see their snapshot', async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18 })
    await loadSql(pair.source.url, `SELECT lo_from_bytea(7, '\\x01'), lo_from_bytea(8, '\\x02')`)
    await using source = await sessionOn(pair.source.url)
    await source.run('begin isolation level repeatable read, read only; select 1')
    await loadSql(pair.source.url, `SELECT lo_put(7, 0, '\\x03ff'), lo_unlink(8), lo_create(9)`)
    const { result } = await copy(pair, undefined, undefined, source)
    expect(result).toMatchObject({ count: 2n, bytes: 2n })
    expect(await pair.target.query('SELECT oid, lo_get(oid) AS content FROM pg_largeobject_metadata ORDER BY 1')).toEqual([
      { oid: '7', content: '\\x01' },
      { oid: '8', content: '\\x02' },
    ])
  })

  test('that may not be read are an error', async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18, own: true })
    for (const { server } of [pair.source, pair.target]) await loadSql(server.url(), login)
    await loadSql(pair.source.url, 'SELECT lo_create(5)')
    await expect(copy(pair, plain)).rejects.toMatchObject({
      code: 'large-object-failed',
      message: expect.stringMatching(/permission denied for large object 5/),
    })
  })

  test('are none, and the ledger knows', async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18 })
    expect(await copy(pair)).toMatchObject({ recorded: [{ part: 0, parts: 1, rows: 0n, bytes: 0n }], result: { count: 0n, bytes: 0n } })
  })
})

interface Recorded {
  readonly part: number
  readonly parts: number
  readonly rows: bigint
  readonly bytes: bigint
}

async function copy(
  pair: DatabasePair,
  credentials?: typeof plain,
  before: (part: number) => Promise<void> = () => Promise.resolve(),
  snapshot?: Session,
) {
  const url = (side: DatabasePair['source']) => (credentials === undefined ? side.url : side.server.url(side.name, credentials))
  await using opened = await sessionOn(url(pair.source))
  await using target = await sessionOn(url(pair.target))
  if (snapshot === undefined) await opened.run('begin isolation level repeatable read, read only')
  const recorded: Recorded[] = []
  const result = await copyLargeObjects({
    source: snapshot ?? opened,
    target,
    database: pair.source.name,
    async record(session, part, parts, rows, bytes) {
      expect(session).toBe(target)
      await before(part)
      recorded.push({ part, parts, rows, bytes })
    },
    emit: () => undefined,
    signal: new AbortController().signal,
  })
  return { recorded, result }
}

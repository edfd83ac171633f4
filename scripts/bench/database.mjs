// @ts-check
import pg from 'pg'

export const database = 'bench'

/**
 * @param {string} url
 * @param {readonly string[]} statements
 */
export async function execute(url, statements) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

/**
 * @param {{ url(database?: string): string }} server
 * @param {import('./sets.mjs').DataSet} set
 * @param {number} scale
 */
export async function makeData(server, set, scale) {
  await execute(server.url(), [`DROP DATABASE IF EXISTS ${database}`, `CREATE DATABASE ${database} TEMPLATE template0`])
  await execute(server.url(database), [...set.statements(scale), 'VACUUM ANALYZE', 'CHECKPOINT'])
}

/**
 * An empty database, as pg_restore and pgcopydb want it, and with nothing left to write from the run before.
 * @param {{ url(database?: string): string }} source
 * @param {{ url(database?: string): string }} target
 */
export async function resetTarget(source, target) {
  await execute(target.url(), [`DROP DATABASE IF EXISTS ${database}`, `CREATE DATABASE ${database} TEMPLATE template0`, 'CHECKPOINT'])
  await execute(source.url(), ['CHECKPOINT'])
}

/**
 * What must be equal on both sides: rows by count and sums of hashes, and the number of indexes and constraints.
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function fingerprint(url) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const objects = await client.query(
      `SELECT (SELECT count(*) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'public'::regnamespace AND indisvalid) AS indexes,
         (SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n') AS constraints`,
    )
    const tables = await client.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname COLLATE "C"`,
    )
    const parts = [JSON.stringify(objects.rows[0])]
    for (const { relname } of tables.rows) {
      const sums = await client.query(`SELECT count(*) AS rows, sum(hashtextextended(r::text, 0)) AS sum FROM ${relname} AS r`)
      parts.push(`${relname} ${sums.rows[0].rows} ${sums.rows[0].sum}`)
    }
    return parts.join('\n')
  } finally {
    await client.end()
  }
}

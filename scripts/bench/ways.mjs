// @ts-check
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { read } from '../run.mjs'
import { measure } from './measure.mjs'

const cli = fileURLToPath(new URL('../../dist/cli/index.js', import.meta.url))

/**
 * @typedef {{ readonly source: string, readonly target: string, readonly database: string, readonly tools: string, readonly jobs: number, readonly servers: readonly number[] }} Setting
 * @typedef {import('./measure.mjs').Measurement & { copiedBytes?: number }} Result
 * @typedef {{ readonly name: string, readonly run: (setting: Setting, folder: string) => Promise<Result> }} Way
 */

/** @type {Way} */
const ours = {
  name: 'ours',
  async run({ source, target, database, tools, jobs, servers }, folder) {
    const report = join(folder, 'report.json')
    const scope = ['--include-databases', database, '--jobs', String(jobs), '--client-tools', tools]
    const command = [process.execPath, cli, 'init', '--snapshot-only', '--yes', ...scope, '--report', report]
    const result = await measure(command, { SEREN_SOURCE_URL: source, SEREN_TARGET_URL: target }, servers)
    const { databases } = JSON.parse(await readFile(report, 'utf8'))
    /** @type {{ copiedBytes?: number | string | null }[]} */
    const tables = databases.flatMap((/** @type {{ tables: object[] }} */ one) => one.tables)
    return { ...result, copiedBytes: tables.reduce((sum, { copiedBytes }) => sum + Number(copiedBytes ?? 0), 0) }
  },
}

/**
 * @param {string} name
 * @param {string} script of the shell, with $SOURCE, $TARGET, $TOOLS, $JOBS and $FOLDER
 * @returns {Way}
 */
const shell = (name, script) => ({
  name,
  run: ({ source, target, tools, jobs, servers }, folder) =>
    measure(['/bin/sh', '-ec', script], { SOURCE: source, TARGET: target, TOOLS: tools, JOBS: String(jobs), FOLDER: folder }, servers),
})

const directory = shell(
  'pg_dump -Fd -Z9',
  '"$TOOLS/pg_dump" -Fd -j "$JOBS" -Z9 -f "$FOLDER/dump" "$SOURCE"; "$TOOLS/pg_restore" -j "$JOBS" -d "$TARGET" "$FOLDER/dump"',
)
// A failing pg_dump shows as a copy that isn't equal: the shell tells of the last program alone.
const pipe = shell('pg_dump | pg_restore', '"$TOOLS/pg_dump" -Fc -Z0 "$SOURCE" | "$TOOLS/pg_restore" -d "$TARGET"')
const pgcopydb = shell(
  'pgcopydb',
  'pgcopydb clone --source "$SOURCE" --target "$TARGET" --table-jobs "$JOBS" --index-jobs "$JOBS" --dir "$FOLDER/pgcopydb"',
)

/**
 * The ways to compare; pgcopydb where it's found.
 * @returns {Promise<Way[]>}
 */
export async function findWays() {
  const found = (await read('/bin/sh', ['-c', 'command -v pgcopydb'])) !== null
  if (!found) console.log('pgcopydb is not on PATH: left out.')
  return [ours, directory, pipe, ...(found ? [pgcopydb] : [])]
}

/**
 * @param {Way} way
 * @param {Setting} setting
 */
export async function runWay(way, setting) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    return await way.run(setting, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

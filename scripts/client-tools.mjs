// @ts-check
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fetchNewestTools, newestToolsFolder } from './newest-client-tools.mjs'
import { main, read, run } from './run.mjs'

/**
 * @typedef {{ readonly folder: string, readonly major: number }} ClientTools
 */

/**
 * All client tools here, the newest first: of the system, and those fetched into `.state`.
 * @returns {Promise<ClientTools[]>}
 */
export async function findClientTools() {
  const versioned = await readdir('/usr/lib/postgresql').catch(() => [])
  // On Debian the `pg_dump` on PATH is a wrapper that may pick an older one: the folders by version come first.
  const folders = [
    newestToolsFolder,
    ...versioned.map((one) => `/usr/lib/postgresql/${one}/bin`),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  /** @type {ClientTools[]} */
  const found = []
  for (const folder of new Set(folders)) {
    if (!existsSync(`${folder}/pg_dump`) || !existsSync(`${folder}/pg_restore`)) continue
    const version = await read(`${folder}/pg_dump`, ['--version'])
    const major = Number(/ (\d+)/.exec(version ?? '')?.[1])
    if (major) found.push({ folder, major })
  }
  return found.sort((one, other) => other.major - one.major)
}

/**
 * Sees to it that client tools are there, from the distribution if they have to be installed.
 * @returns {Promise<ClientTools>}
 */
export async function ensureClientTools() {
  const [before] = await findClientTools()
  if (before) return before
  console.log('No PostgreSQL client tools (pg_dump, pg_restore) were found: installing the package postgresql-client of your distribution.')
  const sudo = process.getuid?.() === 0 ? [] : ['sudo']
  try {
    for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'postgresql-client']]) {
      const [program = '', ...rest] = [...sudo, 'apt-get', '-q', ...args]
      await run(program, rest)
    }
  } catch (error) {
    throw new Error(
      `${message(error)}\nThe PostgreSQL client tools couldn't be installed. Install pg_dump and pg_restore of PostgreSQL 15 or newer\n(Debian, Ubuntu: apt-get install postgresql-client) and start this again.`,
    )
  }
  const [installed] = await findClientTools()
  if (!installed) throw new Error('The package postgresql-client was installed, but it brought no pg_dump that runs.')
  return installed
}

/**
 * Client tools that can read any server the tests use. Without them the tests with newer sources are left out, so this says what it did.
 * @returns {Promise<ClientTools>}
 */
export async function ensureNewestClientTools() {
  const system = await ensureClientTools()
  if (system.major >= 18) return system
  console.log(`The client tools are of PostgreSQL ${system.major}: fetching those of 18 into .state for the tests with newer sources.`)
  try {
    await fetchNewestTools()
  } catch (error) {
    console.log(`${message(error)}\nThe tests that need pg_dump 18 are left out. To run them, install postgresql-client-18.`)
  }
  return (await findClientTools())[0] ?? system
}

/** @param {unknown} error */
const message = (error) => (error instanceof Error ? error.message : String(error))

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(async () => {
    const { folder, major } = await (process.argv.includes('--newest') ? ensureNewestClientTools() : ensureClientTools())
    console.log(`PostgreSQL client tools ${major}: ${folder}`)
  })
}

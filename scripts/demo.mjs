// @ts-check
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureClientTools } from './client-tools.mjs'
import { main, run } from './run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The demo with all that it needs; arguments are its own. */
await main(async () => {
  const { folder, major } = await ensureClientTools()
  console.log(`PostgreSQL client tools ${major}: ${folder}`)
  await run(process.execPath, [join(root, 'dist/cli/index.js'), 'demo', ...process.argv.slice(2)])
})

// @ts-check
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { main, read } from './run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The action runs what is committed in `dist/`: it must be what the sources give. */
await main(async () => {
  await build()
  const changed = await read('git', ['status', '--porcelain', '--', join(root, 'dist')], { cwd: root })
  if (changed === null) throw new Error("git couldn't tell whether dist/ is as committed.")
  if (changed !== '') throw new Error(`dist/ isn't what the sources give: commit it after \`npm run build\`.\n${changed}`)
  console.log('dist/ is what the sources give.')
})

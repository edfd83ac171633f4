// @ts-check
import { spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureClientTools } from './client-tools.mjs'
import { main } from './run.mjs'

const program = fileURLToPath(new URL('../dist/cli/index.js', import.meta.url))

/** The demo with all that it needs; arguments are its own. */
await main(async () => {
  const { folder, major } = await ensureClientTools()
  console.log(`PostgreSQL client tools ${major}: ${folder}`)
  // Those fetched into .state are on no PATH.
  const environment = { ...process.env, PATH: [folder, process.env['PATH']].filter(Boolean).join(delimiter) }
  const child = spawn(process.execPath, [program, 'demo', ...process.argv.slice(2)], { stdio: 'inherit', env: environment })
  // It has something to clean up: this waits for it, and passes on what the terminal hasn't sent to both.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise((resolve, reject) => child.once('error', reject).once('close', (code) => resolve(code ?? 1)))
})

// @ts-check
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { alone } from './alone.mjs'
import { main, run } from './run.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, '.state/built')

/** The two entries, each a bundle with all it needs: what the action runs, and the command line. */
const entries = ['main', 'cli']

/**
 * Compiles to `build/` and bundles to `dist/`: ncc can't load TypeScript 7, so it gets the JavaScript. The same bytes from any folder.
 * @param {{ readonly onlyIfNeeded?: boolean }} [options]
 */
export async function build({ onlyIfNeeded = false } = {}) {
  await alone(join(root, '.state/build.lock'), () => compileAndBundle(onlyIfNeeded))
}

/** @param {boolean} onlyIfNeeded */
async function compileAndBundle(onlyIfNeeded) {
  // Beside, and then moved: what runs from `build/` meanwhile finds all of it, and a failure leaves the last one in place.
  const compiled = join(root, '.state/compiled')
  await rm(compiled, { recursive: true, force: true })
  const tsc = [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', compiled]
  await run(process.execPath, tsc, { cwd: root })
  await rm(join(root, 'build'), { recursive: true, force: true })
  await rename(compiled, join(root, 'build'))
  const inputs = await digest([join(root, 'build'), join(root, 'package-lock.json')])
  const before = await readFile(stamp, 'utf8').catch(() => '')
  if (onlyIfNeeded && before === `${inputs} ${await digest([join(root, 'dist')])}`) return
  await Promise.all(entries.map(bundle))
  await writeFile(stamp, `${inputs} ${await digest([join(root, 'dist')])}`)
}

/**
 * Into a folder beside, which then takes the old one's place: what runs meanwhile finds one or the other.
 * @param {string} entry
 */
async function bundle(entry) {
  const output = join(root, 'dist', entry)
  const fresh = join(root, '.state/bundles', entry)
  await rm(fresh, { recursive: true, force: true })
  const ncc = join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js')
  const args = ['build', `build/${entry}.js`, '--out', fresh, '--license', 'licenses.txt', '--no-cache', '--quiet']
  await run(process.execPath, [ncc, ...args], { cwd: root })
  await rm(output, { recursive: true, force: true })
  await mkdir(join(root, 'dist'), { recursive: true })
  await rename(fresh, output)
}

/** @param {readonly string[]} paths */
async function digest(paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    const entries = existsSync(path) ? await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null) : []
    const files = entries?.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)) ?? [path]
    for (const file of files.sort()) hash.update(file).update(await readFile(file))
  }
  return hash.digest('hex')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(() => build())

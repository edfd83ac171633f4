// @ts-check
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { main } from './run.mjs'

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url))

const systems = /android|darwin|freebsd|linux|openharmony|win32/
const processors = /arm64|arm|x64|ia32|ppc64|riscv64|s390x/

/**
 * npm leaves optional packages for other platforms out of the lock file when the registry it asks doesn't have them (some mirrors don't),
 * and then `npm ci` refuses the file. This puts them back, after an `npm install` against such a mirror.
 */
await main(async () => {
  /** @type {{ packages: Record<string, { dev?: boolean, optionalDependencies?: Record<string, string> }> }} */
  const lock = JSON.parse(await readFile(file, 'utf8'))
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const known = lock.packages[`node_modules/${name}`] ?? lock.packages[`${path}/node_modules/${name}`]
      if (!known && /^\d/.test(version)) Object.assign(lock.packages, { [`node_modules/${name}`]: entry(name, version, dev) })
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1)))
  await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`)
})

/**
 * The platform stands in the name; it keeps npm from asking for the package elsewhere.
 * @param {string} name
 * @param {string} version
 * @param {boolean | undefined} dev
 */
function entry(name, version, dev) {
  const platform = name.slice(name.indexOf('/') + 1)
  const system = systems.exec(platform)?.[0]
  const processor = processors.exec(platform)?.[0]
  if (!system || !processor) throw new Error(`The platform of ${name} can't be told from its name.`)
  const libc = platform.includes('musl') ? { libc: ['musl'] } : {}
  return { version, cpu: [processor], ...(dev ? { dev } : {}), ...libc, optional: true, os: [system] }
}

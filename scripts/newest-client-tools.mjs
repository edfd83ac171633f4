// @ts-check
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { read, run } from './run.mjs'

const state = fileURLToPath(new URL('../.state', import.meta.url))
const final = join(state, 'client-tools-18')

export const newestToolsFolder = join(final, 'bin')

const programs = ['pg_dump', 'pg_dumpall', 'pg_restore', 'psql']

/** Suites that have PostgreSQL 18, by distribution. */
const suites = { debian: ['forky', 'sid'], ubuntu: ['resolute'] }

/**
 * Client tools of 18 on a system that has older ones: taken from a newer suite of the same distribution, with an apt state of their
 * own so that the system stays as it is, and unpacked beside the libraries they need, libc included. Fails with a reason.
 */
export async function fetchNewestTools() {
  const interpreters = { x64: 'ld-linux-x86-64.so.2', arm64: 'ld-linux-aarch64.so.1' }
  const interpreter = interpreters[/** @type {keyof typeof interpreters} */ (process.arch)]
  if (process.platform !== 'linux' || !interpreter)
    throw new Error(`Client tools of 18 can't be fetched for ${process.platform} ${process.arch}.`)
  const sources = await newerSources()
  if (sources.length === 0)
    throw new Error('Client tools of 18 can only be fetched with apt, from a mirror of Debian or Ubuntu that apt is set up for.')
  await mkdir(state, { recursive: true })
  const folder = await mkdtemp(join(state, 'fetching-'))
  try {
    const packages = await download(folder, sources)
    for (const one of packages) await run('dpkg-deb', ['--extract', one, join(folder, 'root')])
    await assemble(folder, interpreter)
    await rm(final, { recursive: true, force: true })
    await rename(join(folder, 'tools'), final)
    await link(join(final, 'bin'), interpreter)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * The system's own mirror with a newer suite: no host name stands here.
 * @returns {Promise<string[]>}
 */
async function newerSources() {
  const indexes = (await read('apt-get', ['--print-uris', 'update'])) ?? ''
  const mirror = /'([^']+\/(debian|ubuntu))\/dists\/[^'/-]+\/InRelease'/.exec(indexes)
  if (!mirror) return []
  const distribution = /** @type {keyof typeof suites} */ (mirror[2])
  const keyring = `/usr/share/keyrings/${distribution}-archive-keyring.gpg`
  return suites[distribution].map((suite) => `deb [signed-by=${keyring}] ${mirror[1]} ${suite} main\n`)
}

/**
 * Into an apt state of its own, as if nothing were installed, so that every library comes along.
 * @param {string} folder
 * @param {readonly string[]} sources
 * @returns {Promise<string[]>}
 */
async function download(folder, sources) {
  const packages = join(folder, 'packages')
  for (const one of ['lists/partial', 'cache/archives/partial', 'packages']) await mkdir(join(folder, one), { recursive: true })
  await writeFile(join(folder, 'status'), '')
  const settings = {
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
  }
  const options = ['-qq', ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])]
  for (const source of sources) {
    await writeFile(join(folder, 'sources.list'), source)
    if ((await read('apt-get', [...options, 'update'])) === null) continue
    const simulated = await read('apt-get', [
      ...options,
      'install',
      '--simulate',
      '--no-install-recommends',
      'postgresql-client-18',
      'patchelf',
    ])
    // Perl is there for Debian's wrappers alone, which aren't used.
    const names = [...(simulated ?? '').matchAll(/^Inst (\S+)/gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => !/perl|gdbm|libdb5/.test(name))
    if (names.length === 0) continue
    await run('apt-get', [...options, 'download', ...names], { cwd: packages, stdio: ['ignore', 'ignore', 'inherit'] })
    return (await readdir(packages)).map((name) => join(packages, name))
  }
  throw new Error("The packages of postgresql-client-18 couldn't be fetched with apt.")
}

/**
 * The programs in `bin`, all libraries in `lib`, flat.
 * @param {string} folder
 * @param {string} interpreter
 */
async function assemble(folder, interpreter) {
  const root = join(folder, 'root')
  const tools = join(folder, 'tools')
  for (const one of ['bin', 'lib']) await mkdir(join(tools, one), { recursive: true })
  for (const name of programs) await copyFile(join(root, 'usr/lib/postgresql/18/bin', name), join(tools, 'bin', name))
  await copyFile(join(root, 'usr/bin/patchelf'), join(tools, 'bin/patchelf'))
  const files = await readdir(root, { recursive: true, withFileTypes: true })
  for (const file of files) {
    const isLibrary = file.name === interpreter || /^lib.*\.so[.\d]*$/.test(file.name)
    // Copied through their links, so that each name is a file.
    if (isLibrary && !file.isDirectory())
      await copyFile(join(file.parentPath, file.name), join(tools, 'lib', file.name)).catch(ignoreDangling)
  }
}

/**
 * Makes the programs use the libraries beside them. patchelf itself needs them too, so it's started through their loader.
 * @param {string} bin
 * @param {string} interpreter
 */
async function link(bin, interpreter) {
  const lib = join(bin, '../lib')
  const loader = join(lib, interpreter)
  // RPATH, not RUNPATH: it holds for the libraries of libraries as well.
  const change = ['--set-interpreter', loader, '--force-rpath', '--set-rpath', '$ORIGIN/../lib']
  await run('chmod', ['755', loader, ...programs.map((name) => join(bin, name))])
  await run(loader, ['--library-path', lib, join(bin, 'patchelf'), ...change, ...programs.map((name) => join(bin, name))])
  await rm(join(bin, 'patchelf'))
  if (!(await read(join(bin, 'pg_dump'), ['--version']))) throw new Error("The fetched pg_dump 18 doesn't run on this system.")
}

/** @param {NodeJS.ErrnoException} error */
function ignoreDangling(error) {
  if (error.code !== 'ENOENT') throw error
}

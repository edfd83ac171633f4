// @ts-check
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { read, run } from './run.mjs'

const state = fileURLToPath(new URL('../.state', import.meta.url))

/** @param {string} name */
export const programsFolder = (name) => join(state, name, 'bin')

/**
 * @typedef {object} Wanted
 * @property {string} name of the folder in `.state`
 * @property {string} package with what it depends on
 * @property {readonly string[]} programs as the package has them, from the root
 * @property {Readonly<Record<'debian' | 'ubuntu', readonly string[]>> | undefined} suites newer ones, the first that will do; else the system's own
 */

/**
 * Programs that the system doesn't have, from a mirror of its distribution: with an apt state of their own so that the system stays as it
 * is, and unpacked beside the libraries they need, libc included. Fails with a reason.
 * @param {Wanted} wanted
 */
export async function fetchPrograms(wanted) {
  const interpreters = { x64: 'ld-linux-x86-64.so.2', arm64: 'ld-linux-aarch64.so.1' }
  const interpreter = interpreters[/** @type {keyof typeof interpreters} */ (process.arch)]
  if (process.platform !== 'linux' || !interpreter)
    throw new Error(`The package ${wanted.package} can't be fetched for ${process.platform} ${process.arch}.`)
  const sources = await aptSources(wanted.suites)
  if (sources.length === 0)
    throw new Error(`The package ${wanted.package} can only be fetched with apt, from a mirror of Debian or Ubuntu that apt is set up for.`)
  await mkdir(state, { recursive: true })
  const folder = await mkdtemp(join(state, 'fetching-'))
  const final = join(state, wanted.name)
  try {
    const packages = await download(folder, sources, wanted.package)
    for (const one of packages) await run('dpkg-deb', ['--extract', one, join(folder, 'root')])
    await assemble(folder, interpreter, wanted.programs)
    await rm(final, { recursive: true, force: true })
    await rename(join(folder, 'programs'), final)
    await link(programsFolder(wanted.name), interpreter, wanted)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * The system's own mirror: no host name stands here.
 * @param {Wanted['suites']} suites
 * @returns {Promise<string[]>}
 */
async function aptSources(suites) {
  const indexes = (await read('apt-get', ['--print-uris', 'update'])) ?? ''
  const mirror = /'([^']+\/(debian|ubuntu))\/dists\/([^'/-]+)\/InRelease'/.exec(indexes)
  if (!mirror) return []
  const distribution = /** @type {'debian' | 'ubuntu'} */ (mirror[2])
  const keyring = `/usr/share/keyrings/${distribution}-archive-keyring.gpg`
  const components = distribution === 'debian' ? 'main' : 'main universe'
  return (suites?.[distribution] ?? [mirror[3]]).map((suite) => `deb [signed-by=${keyring}] ${mirror[1]} ${suite} ${components}\n`)
}

/**
 * Into an apt state of its own, as if nothing were installed, so that every library comes along.
 * @param {string} folder
 * @param {readonly string[]} sources
 * @param {string} wanted
 * @returns {Promise<string[]>}
 */
async function download(folder, sources, wanted) {
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
    const simulated = await read('apt-get', [...options, 'install', '--simulate', '--no-install-recommends', wanted, 'patchelf'])
    // Perl is there for Debian's wrappers alone, which aren't used.
    const names = [...(simulated ?? '').matchAll(/^Inst (\S+)/gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => !/perl|gdbm|libdb5/.test(name))
    if (names.length === 0) continue
    await run('apt-get', [...options, 'download', ...names], { cwd: packages, stdio: ['ignore', 'ignore', 'inherit'] })
    return (await readdir(packages)).map((name) => join(packages, name))
  }
  throw new Error(`The package ${wanted} couldn't be fetched with apt.`)
}

/**
 * The programs in `bin`, all libraries in `lib`, flat.
 * @param {string} folder
 * @param {string} interpreter
 * @param {readonly string[]} programs
 */
async function assemble(folder, interpreter, programs) {
  const root = join(folder, 'root')
  const to = join(folder, 'programs')
  for (const one of ['bin', 'lib']) await mkdir(join(to, one), { recursive: true })
  for (const path of [...programs, 'usr/bin/patchelf']) await copyFile(join(root, path), join(to, 'bin', basename(path)))
  const files = await readdir(root, { recursive: true, withFileTypes: true })
  for (const file of files) {
    const isLibrary = file.name === interpreter || /^lib.*\.so[.\d]*$/.test(file.name)
    // Copied through their links, so that each name is a file.
    if (isLibrary && !file.isDirectory()) await copyFile(join(file.parentPath, file.name), join(to, 'lib', file.name)).catch(ignoreDangling)
  }
}

/**
 * Makes the programs use the libraries beside them. patchelf itself needs them too, so it's started through their loader.
 * @param {string} bin
 * @param {string} interpreter
 * @param {Wanted} wanted
 */
async function link(bin, interpreter, { programs, ...wanted }) {
  const lib = join(bin, '../lib')
  const loader = join(lib, interpreter)
  const files = programs.map((path) => join(bin, basename(path)))
  // RPATH, not RUNPATH: it holds for the libraries of libraries as well.
  const change = ['--set-interpreter', loader, '--force-rpath', '--set-rpath', '$ORIGIN/../lib']
  await run('chmod', ['755', loader, ...files])
  await run(loader, ['--library-path', lib, join(bin, 'patchelf'), ...change, ...files])
  await rm(join(bin, 'patchelf'))
  if (!(await read(files[0] ?? '', ['--version'])))
    throw new Error(`What the package ${wanted.package} brought doesn't run on this system.`)
}

/** @param {NodeJS.ErrnoException} error */
function ignoreDangling(error) {
  if (error.code !== 'ENOENT') throw error
}

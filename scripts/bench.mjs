// @ts-check
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { database, fingerprint, makeData, resetTarget } from './bench/database.mjs'
import { sets } from './bench/sets.mjs'
import { formatTable, summarise } from './bench/table.mjs'
import { findWays, runWay } from './bench/ways.mjs'
import { build } from './build.mjs'
import { ensureClientTools, findClientTools } from './client-tools.mjs'
import { main } from './run.mjs'

const usage = `npm run bench -- [options]
  --set b,a,many   which data (default: b,a)
  --rounds 3       how often each way is run, in turn
  --ways ours,…    only these (ours, pg_dump -Fd -Z9, pg_dump | pg_restore, pgcopydb)
  --scale 1        size of the data, as a fraction
  --source 15, --target 15   majors of the servers
  --jobs 2         parallel jobs of each way
  --no-fsync       servers that don't wait for the disk`

/** As an ordinary server is set up, but for room for the log, so that checkpoints don't decide. */
const settings = { shared_buffers: '512MB', max_wal_size: '8GB', checkpoint_timeout: '30min', full_page_writes: true, autovacuum: false }

await main(async () => {
  const options = parse()
  await build({ onlyIfNeeded: true })
  const ways = (await findWays()).filter(({ name }) => options.ways.length === 0 || options.ways.includes(name))
  await ensureClientTools()
  // Of those that can read the source, the oldest: what one has installed, usually.
  const tools = (await findClientTools()).findLast(({ major }) => major >= options.source)
  if (!tools) throw new Error(`No client tools of PostgreSQL ${options.source} or newer: node scripts/client-tools.mjs --newest`)
  const { startServer } = await import(new URL('../build/commands/demo/embedded-server.js', import.meta.url).href)
  const report = []
  for (const set of sets.filter(({ name }) => options.sets.includes(name))) {
    console.log(
      `\nSet ${set.name}: ${set.about}${options.scale === 1 ? '' : ` × ${options.scale}`}, ${options.source} → ${options.target}, client tools ${tools.major}`,
    )
    const start = (/** @type {number} */ major) => startServer({ major, settings: { ...settings, fsync: options.fsync } })
    const results = await withServers(start, options, (source, target) =>
      compare(set, ways, { ...options, tools: tools.folder }, source, target),
    )
    const rows = summarise(results)
    console.log(`\n${formatTable(rows)}`)
    report.push({ set: set.name, scale: options.scale, rows, runs: Object.fromEntries(results) })
  }
  await save({
    at: new Date().toISOString(),
    cores: availableParallelism(),
    node: process.version,
    options,
    clientTools: tools.major,
    sets: report,
  })
})

/**
 * @typedef {ReturnType<typeof parse>} Options
 * @typedef {{ pid: number, url(database?: string): string } & AsyncDisposable} Server
 * @param {import('./bench/sets.mjs').DataSet} set
 * @param {readonly import('./bench/ways.mjs').Way[]} ways
 * @param {Options & { tools: string }} options
 * @param {Server} source
 * @param {Server} target
 */
async function compare(set, ways, { rounds, scale, jobs, tools }, source, target) {
  await makeData(source, set, scale)
  const expected = await fingerprint(source.url(database))
  /** @type {Map<string, import('./bench/ways.mjs').Result[]>} */
  const results = new Map(ways.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    // In another order each time, so that none profits from its place.
    for (const way of [...ways.slice(round % ways.length), ...ways.slice(0, round % ways.length)]) {
      await resetTarget(source, target)
      const url = target.url(database)
      const result = await runWay(way, {
        source: source.url(database),
        target: url,
        database,
        tools,
        jobs,
        servers: [source.pid, target.pid],
      })
      if ((await fingerprint(target.url(database))) !== expected)
        throw new Error(`${way.name}: the copy isn't equal.\n${result.output.slice(-3000)}`)
      results.get(way.name)?.push(result)
      console.log(`  ${round + 1}. ${way.name}: ${result.seconds.toFixed(2)} s, CPU ${result.cpu.toFixed(2)} s, equal`)
    }
  }
  return results
}

/**
 * @template T
 * @param {(major: number) => Promise<Server>} start
 * @param {Options} options
 * @param {(source: Server, target: Server) => Promise<T>} body
 */
async function withServers(start, options, body) {
  const [source, target] = await Promise.all([start(options.source), start(options.target)])
  try {
    return await body(source, target)
  } finally {
    await Promise.all([source[Symbol.asyncDispose](), target[Symbol.asyncDispose]()])
  }
}

function parse() {
  const text = { type: /** @type {const} */ ('string') }
  const flag = { type: /** @type {const} */ ('boolean') }
  const { values } = parseArgs({
    options: { set: text, rounds: text, ways: text, scale: text, source: text, target: text, jobs: text, 'no-fsync': flag, help: flag },
  })
  if (values.help) {
    console.log(usage)
    process.exit()
  }
  return {
    sets: (values.set ?? 'b,a').split(','),
    rounds: Number(values.rounds ?? 3),
    ways: values.ways?.split(',') ?? [],
    scale: Number(values.scale ?? 1),
    source: Number(values.source ?? 15),
    target: Number(values.target ?? 15),
    jobs: Number(values.jobs ?? 2),
    fsync: !values['no-fsync'],
  }
}

/** @param {{ at: string, [key: string]: unknown }} report */
async function save(report) {
  const folder = fileURLToPath(new URL('../bench-results', import.meta.url))
  await mkdir(folder, { recursive: true })
  const file = `${folder}/${report.at.replaceAll(':', '-')}.json`
  await writeFile(file, `${JSON.stringify(report, (key, value) => (key === 'output' ? undefined : value), 2)}\n`)
  console.log(`\nWritten to ${file}`)
}

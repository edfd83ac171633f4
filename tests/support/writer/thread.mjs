// @ts-check
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import pg from 'pg'
import { nextTransaction } from './transactions.mjs'

/**
 * A thread of its own, so that what the test's process is busy with doesn't slow it down. Told `lap` or `stop`, it answers with what it
 * counted; see writer.ts.
 */

/** @typedef {import('../writer.ts').WriterCounts} Counts */
/** @typedef {import('./transactions.mjs').Session} Session */

/** @type {{ url: string, rate: number, sessions: number, rows: number, keyless: Session['keyless'], truncates: boolean }} */
const options = workerData
const port = parentPort
if (port === null) throw new Error('This file is a thread of writer.ts.')

/** Milliseconds of delay that are made up for; more than that, and the rate is lost. */
const longestBacklog = 2000

let stopping = false
let lap = fresh()
const all = fresh()

const clients = await Promise.all(Array.from({ length: options.sessions }, connect))
const running = clients.map((client, number) => work(client, number))
port.postMessage('ready')
port.on('message', async (message) => {
  if (message === 'stop') {
    stopping = true
    await Promise.all(running)
    port.postMessage(counted(all))
    port.close()
  } else {
    const ended = lap
    lap = fresh()
    port.postMessage(counted(ended))
  }
})

/** @returns {{ -readonly [name in keyof Omit<Counts, 'seconds' | 'perSecond'>]: Counts[name] } & { since: number }} */
function fresh() {
  return { since: performance.now(), transactions: 0, failures: [], disconnections: 0, longestMillis: 0, longest: '' }
}

/** @type {(counts: ReturnType<typeof fresh>) => Counts} */
function counted({ since, ...counts }) {
  const seconds = (performance.now() - since) / 1000
  return { ...counts, seconds, perSecond: counts.transactions / seconds }
}

async function connect() {
  const client = new pg.Client({ connectionString: options.url, application_name: 'writer' })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** @type {(client: pg.Client, number: number) => Promise<void>} */
async function work(client, number) {
  const session = makeSession(number)
  const interval = (1000 * options.sessions) / options.rate
  for (let due = performance.now(); !stopping; ) {
    try {
      await transact(client, nextTransaction(session))
      for (const counts of [lap, all]) counts.transactions++
    } catch (error) {
      if (isDisconnection(error)) {
        await client.end().catch(() => {})
        const again = await reconnect()
        if (again === undefined) return
        client = again
      } else {
        note(error)
        await client.query('rollback').catch(() => {})
      }
    }
    due = Math.max(due + interval, performance.now() - longestBacklog)
    const early = due - performance.now()
    if (early > 0) await sleep(early)
  }
  await client.end().catch(() => {})
}

/** @type {(client: pg.Client, messages: readonly string[]) => Promise<void>} */
async function transact(client, messages) {
  for (const [index, message] of messages.entries()) {
    if (index > 0) await sleep(Math.random() * 150)
    const started = performance.now()
    await client.query(message).catch((error) => {
      throw Object.assign(error, { message: `${error.message} in: ${message.slice(0, 500)}` })
    })
    const millis = performance.now() - started
    for (const counts of [lap, all]) if (millis > counts.longestMillis) Object.assign(counts, { longestMillis: millis, longest: message })
  }
}

/** Until the server is back; undefined when told to stop meanwhile. */
async function reconnect() {
  for (const counts of [lap, all]) counts.disconnections++
  while (!stopping) {
    try {
      return await connect()
    } catch (error) {
      if (!isDisconnection(error)) note(error)
      await sleep(50)
    }
  }
  return undefined
}

/** Whether the server or the way to it is gone, as it is when a test restarts it; all else is a failure that an application would see. */
function isDisconnection(/** @type {any} */ error) {
  return typeof error.code !== 'string' || /^(08|57P0[123]|E[A-Z]{4})/.test(error.code)
}

function note(/** @type {any} */ error) {
  for (const counts of [lap, all]) if (counts.failures.length < 20) counts.failures.push(`${error.code} ${error.message}`)
}

/** @type {(number: number) => Session} */
function makeSession(number) {
  const { sessions, rows, keyless, truncates } = options
  // Past those of every writer before this one on the same tables.
  let last = Math.floor(Date.now() / 1000) * 1_000_000 * sessions + number
  /** @type {number[]} */
  const given = [last]
  const random = (/** @type {number} */ below) => Math.floor(Math.random() * below)
  return {
    ...{ number, sessions, rows, keyless, truncates, random },
    fresh() {
      last += sessions
      given[random(500)] = last
      return last
    },
    recent: () => given[random(500)] ?? last,
  }
}

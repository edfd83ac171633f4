/** @module-tag long */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, test } from 'vitest'
import type { EmbeddedServer } from '../../src/commands/demo/embedded-server.ts'
import { type DatabasePair, databasePair } from '../support/database-pair.ts'
import { expectSurvived, phases, small } from '../support/faults.ts'
import { startProxy } from '../support/proxy.ts'
import { loadWriterTables } from '../support/writer.ts'

const commands = ['init', 'sync'] as const
const sides = ['source', 'target'] as const

describe('a server that is restarted', () => {
  for (const side of sides) {
    for (const mode of ['fast', 'immediate'] as const) {
      test(`the ${side}, ${mode}, in each phase`, async (context) => {
        const pair = await databasePair(context, { source: 15, target: 17, own: true, createTarget: false })
        await loadWriterTables(pair.source, small)
        const server = pair[side].server as EmbeddedServer
        const act = async () => {
          await sleep(Math.random() * 200)
          await server.stop(mode)
          await server.start()
        }
        for (const command of commands) {
          for (const phase of phases[command]) await expectSurvived(pair, { command, phase, act, disconnects: side === 'source' })
        }
      })
    }
  }
})

describe('a connection that is gone', () => {
  const faults: Readonly<Record<string, (proxy: Awaited<ReturnType<typeof startProxy>>) => Promise<void>>> = {
    cut: async (proxy) => proxy.cut(),
    reset: async (proxy) => proxy.reset(),
    'stalled for a minute': async (proxy) => {
      proxy.stall()
      await sleep(60_000)
      proxy.resume()
    },
  }
  for (const side of sides) {
    for (const [name, fault] of Object.entries(faults)) {
      test(`to the ${side}, ${name}`, async (context) => {
        const pair = await databasePair(context, { source: 14, target: 18, createTarget: false })
        await loadWriterTables(pair.source, small)
        await using proxy = await startProxy(pair[side].server)
        // The subscription dials the source as the commands do.
        const through: DatabasePair = { ...pair, [side]: { ...pair[side], url: proxy.url(pair[side].url) } }
        for (const [command, phase] of [
          ['init', 'copy'],
          ['sync', 'catch-up'],
        ] as const) {
          const act = async () => {
            await sleep(Math.random() * 300)
            await fault(proxy)
          }
          await expectSurvived(pair, { command, phase, act }, through)
        }
      })
    }
  }
})

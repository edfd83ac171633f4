import type { Config } from '../../src/config/config.ts'
import { type Ledger, openLedger } from '../../src/engine/ledger.ts'
import { observe } from '../../src/engine/observe/observe.ts'
import { databaseRun } from '../../src/engine/replicate-all.ts'
import { openSyncServers, type SyncRun, type SyncServers } from '../../src/engine/replication/sync-run.ts'
import type { Event } from '../../src/events.ts'
import { makePlan } from '../../src/plan/make-plan.ts'
import type { TablePlan } from '../../src/plan/plan.ts'
import type { DatabasePair } from './database-pair.ts'
import { engineConfig } from './engine.ts'

export interface OpenSyncRun extends AsyncDisposable {
  readonly run: SyncRun
  readonly servers: SyncServers
  readonly ledger: Ledger
  readonly events: readonly Event[]
  /** By name, of schema public. */
  tables(...names: readonly string[]): TablePlan[]
}

/** What a step of `sync` is given, with the lease taken. */
export async function openSyncRun(pair: DatabasePair, overrides: Partial<Config> = {}): Promise<OpenSyncRun> {
  const config = engineConfig(pair, { command: 'sync', ...overrides })
  const { signal } = new AbortController()
  const events: Event[] = []
  const emit = (event: Event) => void events.push(event)
  const observed = await observe(config, emit, signal)
  const plan = makePlan(config, observed)
  const [database] = plan.databases
  if (database === undefined) throw new Error('the pair has no database in scope')
  const run = {
    ...databaseRun({ config, observed, plan, emit, signal }, database, { withheld: [], keep: () => false }),
    maxHold: 500,
    addTables: config.addTables,
    heartbeat: config.heartbeat,
  }
  const ledger = await openLedger(run, { anyScope: true })
  const servers = await openSyncServers(run)
  return {
    ...{ run, servers, ledger, events },
    tables: (...names) => names.flatMap((name) => database.tables.filter((table) => table.schema === 'public' && table.name === name)),
    async [Symbol.asyncDispose]() {
      await servers[Symbol.asyncDispose]()
      await ledger[Symbol.asyncDispose]()
    },
  }
}

import { cleanup } from '../../src/commands/cleanup.ts'
import type { Config } from '../../src/config/config.ts'
import type { Event } from '../../src/events.ts'
import type { DatabasePair, TestDatabase } from './database-pair.ts'
import { type EngineRun, engineConfig } from './engine.ts'

/** `cleanup` of the pair's database inside this process. */
export async function runCleanup(
  pair: DatabasePair,
  overrides: Partial<Config> = {},
  { signal = new AbortController().signal, watch = () => {} }: { signal?: AbortSignal; watch?: (event: Event) => void } = {},
): Promise<EngineRun> {
  const events: Event[] = []
  const emit = (event: Event) => {
    events.push(event)
    watch(event)
  }
  return { result: await cleanup({ config: engineConfig(pair, { command: 'cleanup', ...overrides }), emit, signal }), events }
}

/** Everything that replication needs and that stands in either database, whosever it is. */
export async function replicationObjects({ source, target }: DatabasePair): Promise<string[]> {
  return [...(await objectsOf(source, 'source')), ...(await objectsOf(target, 'target'))]
}

async function objectsOf(database: TestDatabase, side: string): Promise<string[]> {
  const rows = await database.query<{ what: string }>(
    `select 'slot ' || slot_name as what from pg_replication_slots where database = current_database()
     union all
     select 'publication ' || pubname from pg_publication
     union all
     select 'subscription ' || subname from pg_subscription join pg_database d on d.oid = subdbid where datname = current_database()
     union all
     select 'schema ' || nspname from pg_namespace where nspname = 'seren_replicator'
     union all
     select 'table ' || relname from pg_class where relnamespace = to_regnamespace('seren_replicator') and relkind = 'r'
      order by 1`,
  )
  return rows.map(({ what }) => `${side}: ${what}`)
}

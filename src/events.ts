import type { Finding, Warning } from './errors.ts'

/** The steps of engine/replicate.ts and of the commands around it, in the order in which they can happen. */
export type Phase =
  | 'observe'
  | 'plan'
  | 'roles'
  | 'database'
  | 'scope'
  | 'lanes'
  | 'publish'
  | 'snapshot'
  | 'pre-data'
  | 'copy'
  | 'large-objects'
  | 'post-data'
  | 'sequences'
  | 'materialized-views'
  | 'analyze'
  | 'subscribe'
  | 'catch-up'
  | 'merge'
  | 'add-tables'
  | 'status'
  | 'verify'
  | 'cleanup'

/** A table by its names, as they stand in the catalog (not quoted). */
export interface RelationName {
  readonly schema: string
  readonly name: string
}

/** Everything that the engine says while it works. Renderers format and throttle; the engine never prints. */
export type Event =
  | { readonly type: 'phase-started'; readonly phase: Phase; readonly database?: string }
  | { readonly type: 'phase-finished'; readonly phase: Phase; readonly database?: string; readonly seconds: number }
  | {
      readonly type: 'copy-planned'
      readonly database: string
      readonly tables: number
      readonly skippedTables: number
      readonly bytes: bigint
      readonly rows: bigint
    }
  | {
      readonly type: 'table-started'
      readonly database: string
      readonly table: RelationName
      readonly part: number
      readonly parts: number
      readonly estimatedBytes: bigint
    }
  | {
      readonly type: 'table-progress'
      readonly database: string
      readonly table: RelationName
      readonly part: number
      readonly bytes: bigint
    }
  | {
      readonly type: 'table-finished'
      readonly database: string
      readonly table: RelationName
      readonly part: number
      readonly parts: number
      readonly rows: bigint
      readonly bytes: bigint
      readonly seconds: number
    }
  | { readonly type: 'table-failed'; readonly database: string; readonly table: RelationName; readonly finding: Finding }
  | { readonly type: 'indexes-started'; readonly database: string; readonly table: RelationName; readonly count: number }
  | {
      readonly type: 'indexes-finished'
      readonly database: string
      readonly table: RelationName
      readonly count: number
      readonly seconds: number
    }
  | { readonly type: 'verify-planned'; readonly database: string; readonly tables: number; readonly bytes: bigint }
  | {
      readonly type: 'table-verified'
      readonly database: string
      readonly table: RelationName
      readonly result: 'equal' | 'different' | 'skipped'
      readonly sourceRows: bigint | null
      readonly targetRows: bigint | null
      readonly bytes: bigint
    }
  | {
      /** How far a database's target is behind, while it's waited for. */
      readonly type: 'lag'
      readonly database: string
      readonly bytes: bigint | null
      readonly seconds: number | null
      /** Of all that are replicated. */
      readonly readyTables: number
      readonly tables: number
      /** Until it has caught up, at the rate of the last moments. */
      readonly secondsLeft: number | null
    }
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'note'; readonly message: string }

/** Takes an event; never throws (run.ts wraps the renderers), so that a failing renderer can't stop a replication. */
export type Emit = (event: Event) => void

/** Runs one phase between its two events. */
export async function phase<T>(emit: Emit, name: Phase, database: string | undefined, body: () => Promise<T>): Promise<T> {
  const where = database === undefined ? {} : { database }
  const started = performance.now()
  emit({ type: 'phase-started', phase: name, ...where })
  const result = await body()
  emit({ type: 'phase-finished', phase: name, ...where, seconds: (performance.now() - started) / 1000 })
  return result
}

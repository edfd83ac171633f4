import type { Event, RelationName } from '../events.ts'
import { displayPart } from './names.ts'
import { smaller } from './totals.ts'

interface ActivePart {
  readonly table: RelationName
  readonly database: string
  readonly part: number
  readonly parts: number
  readonly estimatedBytes: bigint
  readonly since: number
  bytes: bigint
}

/** What a progress view shows at one moment. */
export interface Snapshot {
  readonly kind: 'copy' | 'verify' | undefined
  readonly tables: { readonly done: number; readonly failed: number; readonly total: number }
  readonly bytes: { readonly done: bigint; readonly total: bigint }
  readonly rows: bigint
  /** Bytes per second of the last moments. */
  readonly rate: number | undefined
  readonly secondsLeft: number | undefined
  readonly active: readonly ActivePart[]
  readonly indexing: readonly RelationName[]
  /** Phases under way, with their databases. */
  readonly phases: readonly string[]
  /** How far behind the databases are that are waited for, or watched. */
  readonly lags: readonly LagEvent[]
}

export type LagEvent = Event & { readonly type: 'lag' }

/** Seconds of history that the rate is taken from. */
const rateWindow = 15

/** Folds the engine's events into totals. Keeps what is under way only, however many tables there are. */
export class Progress {
  #kind: 'copy' | 'verify' | undefined
  #planned = { tables: 0, bytes: 0n }
  #done = { tables: 0, failed: 0, bytes: 0n, rows: 0n }
  readonly #parts = new Map<string, number>()
  readonly #active = new Map<string, ActivePart>()
  readonly #indexing = new Map<string, RelationName>()
  readonly #phases = new Map<string, string>()
  readonly #lags = new Map<string, LagEvent>()
  #samples: { readonly at: number; readonly bytes: bigint }[] = []

  /** `now` in seconds, from any origin. */
  add(event: Event, now: number): void {
    switch (event.type) {
      case 'phase-started':
        this.#phases.set(
          `${event.phase} ${event.database}`,
          event.database === undefined ? event.phase : `${event.phase} of ${displayPart(event.database)}`,
        )
        break
      case 'phase-finished':
        this.#phases.delete(`${event.phase} ${event.database}`)
        if (event.database === undefined) this.#lags.clear()
        else this.#lags.delete(event.database)
        break
      case 'lag':
        this.#lags.set(event.database, event)
        break
      case 'copy-planned':
        this.#begin('copy', event.tables, event.bytes, now)
        break
      case 'verify-planned':
        this.#begin('verify', event.tables, event.bytes, now)
        break
      case 'table-started':
        this.#active.set(partKey(event), { ...event, since: now, bytes: 0n })
        break
      case 'table-progress': {
        const part = this.#active.get(partKey(event))
        if (part !== undefined) part.bytes = event.bytes
        break
      }
      case 'table-finished':
        this.#finishPart(event)
        break
      case 'table-failed':
        this.#fail(event)
        break
      case 'table-verified':
        this.#done.tables++
        this.#done.bytes += event.bytes
        this.#done.rows += event.sourceRows ?? 0n
        break
      case 'indexes-started':
        this.#indexing.set(tableKey(event), event.table)
        break
      case 'indexes-finished':
        this.#indexing.delete(tableKey(event))
        break
      default:
    }
  }

  snapshot(now: number): Snapshot {
    const active = [...this.#active.values()]
    // Estimates may be too low: what isn't over isn't counted as more than was planned for it.
    const bytes = smaller(
      active.reduce((sum, part) => sum + smaller(part.bytes, part.estimatedBytes), this.#done.bytes),
      this.#planned.bytes,
    )
    const rate = this.#sample(bytes, now)
    const total = this.#planned.bytes
    return {
      kind: this.#kind,
      tables: { done: this.#done.tables, failed: this.#done.failed, total: this.#planned.tables },
      bytes: { done: bytes, total },
      rows: this.#done.rows,
      rate,
      secondsLeft: rate === undefined || rate <= 0 ? undefined : Number(total - bytes) / rate,
      active,
      indexing: [...this.#indexing.values()],
      phases: [...this.#phases.values()],
      lags: [...this.#lags.values()],
    }
  }

  #begin(kind: 'copy' | 'verify', tables: number, bytes: bigint, now: number): void {
    if (this.#kind !== kind) {
      this.#kind = kind
      this.#planned = { tables: 0, bytes: 0n }
      this.#done = { tables: 0, failed: 0, bytes: 0n, rows: 0n }
      this.#samples = [{ at: now, bytes: 0n }]
    }
    this.#planned = { tables: this.#planned.tables + tables, bytes: this.#planned.bytes + bytes }
  }

  #finishPart(event: Event & { type: 'table-finished' }): void {
    const part = this.#active.get(partKey(event))
    this.#active.delete(partKey(event))
    // A part counts as what was planned for it, so that the sum meets the plan's whatever the estimate was worth.
    this.#done.bytes += part?.estimatedBytes ?? event.bytes
    this.#done.rows += event.rows
    const finished = (this.#parts.get(tableKey(event)) ?? 0) + 1
    if (finished < event.parts) {
      this.#parts.set(tableKey(event), finished)
      return
    }
    this.#parts.delete(tableKey(event))
    this.#done.tables++
  }

  #fail(event: Event & { type: 'table-failed' }): void {
    for (const [key, part] of this.#active) if (tableKey(part) === tableKey(event)) this.#active.delete(key)
    this.#indexing.delete(tableKey(event))
    this.#done.failed++
  }

  #sample(bytes: bigint, now: number): number | undefined {
    if (this.#kind === undefined) return undefined
    this.#samples = [...this.#samples.filter(({ at }) => now - at <= rateWindow), { at: now, bytes }]
    const [oldest] = this.#samples
    if (oldest === undefined || now - oldest.at < 0.5) return undefined
    return Math.max(0, Number(bytes - oldest.bytes) / (now - oldest.at))
  }
}

interface Located {
  readonly database: string
  readonly table: RelationName
}

function tableKey({ database, table }: Located): string {
  return JSON.stringify([database, table.schema, table.name])
}

function partKey(event: Located & { readonly part: number }): string {
  return `${tableKey(event)}#${event.part}`
}

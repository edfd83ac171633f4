import type { Event, RelationName } from '../../events.ts'

/** Milliseconds since 1970. */
export interface Span {
  readonly start: number
  end: number | undefined
}

export interface TableSpan extends Span {
  readonly database: string
  readonly table: RelationName
  failed: boolean
  indexes: Span | undefined
}

export interface PhaseSpan extends Span {
  readonly phase: string
  readonly database: string | undefined
}

/** What happened when, for the diagram. */
export class Timeline {
  readonly #phases: PhaseSpan[] = []
  readonly #tables = new Map<string, TableSpan>()

  get phases(): readonly PhaseSpan[] {
    return this.#phases
  }

  get tables(): readonly TableSpan[] {
    return [...this.#tables.values()]
  }

  add(event: Event, now: number): void {
    switch (event.type) {
      case 'phase-started':
        this.#phases.push({ phase: event.phase, database: event.database, start: now, end: undefined })
        break
      case 'phase-finished': {
        const span = this.#phases.findLast(({ phase, database }) => phase === event.phase && database === event.database)
        if (span !== undefined) span.end = now
        break
      }
      case 'table-started':
        if (!this.#tables.has(keyOf(event))) {
          this.#tables.set(keyOf(event), {
            database: event.database,
            table: event.table,
            start: now,
            end: undefined,
            failed: false,
            indexes: undefined,
          })
        }
        break
      case 'table-finished':
        this.#update(event, (span) => (span.end = now))
        break
      case 'table-failed':
        this.#update(event, (span) => {
          span.failed = true
          span.end ??= now
        })
        break
      case 'indexes-started':
        this.#update(event, (span) => (span.indexes ??= { start: now, end: undefined }))
        break
      case 'indexes-finished':
        this.#update(event, ({ indexes }) => {
          if (indexes !== undefined) indexes.end = now
        })
        break
      default:
    }
  }

  #update(event: Located, change: (span: TableSpan) => void): void {
    const span = this.#tables.get(keyOf(event))
    if (span !== undefined) change(span)
  }
}

interface Located {
  readonly database: string
  readonly table: RelationName
}

function keyOf({ database, table }: Located): string {
  return JSON.stringify([database, table.schema, table.name])
}

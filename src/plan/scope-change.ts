import type { LedgerTable, ObservedLedger, RelationKind } from './observed.ts'

/** What becomes of a copy that was begun under another scope, by name. What isn't here is right, and stays. */
export interface ScopeChange {
  /** The ledger's fingerprint. */
  readonly from: string
  /** In scope since, or new on the source. */
  readonly added: readonly RelationNamed[]
  /** Tables that are excluded since, or gone from the source: dropped, if their definitions are there already. */
  readonly removed: readonly RelationNamed[]
  /** Views and sequences that were excluded since: they hold nothing that couldn't be had again. */
  readonly withdrawn: readonly RelationNamed[]
  readonly refiltered: readonly Refiltered[]
  /** Of those, tables that belong to an extension, whose own rows can't be told from the ones that were copied: only starting over helps. */
  readonly stuck: readonly RelationNamed[]
}

export interface RelationNamed {
  readonly schema: string
  readonly name: string
}

/** Which rows a table is to have is another matter than it was. */
export interface Refiltered extends RelationNamed {
  readonly before: LedgerTable
  readonly after: LedgerTable
  /** Some of it is copied already, and must be copied anew, or emptied. */
  readonly begun: boolean
}

export interface ScopedRelation extends RelationNamed {
  readonly kind: RelationKind
  /** An extension's, which puts rows of its own into it. */
  readonly ofExtension: boolean
}

/** Null where the ledger, an earlier version's, doesn't tell what its scope was. */
export function scopeChange(
  { fingerprint: from, scope: before, copied }: Pick<ObservedLedger, 'fingerprint' | 'scope' | 'copied'>,
  after: readonly LedgerTable[],
  relations: readonly ScopedRelation[],
): ScopeChange | null {
  if (before === null) return null
  const [old, now] = [byName(before), byName(after)]
  const begun = new Set(copied.map(nameKey))
  const programs = relations.filter(({ kind }) => kind === 'view' || kind === 'sequence')
  const excluded = new Set(before.filter(({ rule }) => rule === 'excluded').map(nameKey))
  const ofExtension = new Set(relations.filter((one) => one.ofExtension).map(nameKey))
  const gone = before.filter((one) => isIn(one) && !isIn(now.get(nameKey(one))))
  const refiltered = after.flatMap((one): Refiltered[] => {
    const was = old.get(nameKey(one))
    if (was === undefined || !isIn(was) || !isIn(one) || sameRows(was, one)) return []
    return [{ ...named(one), before: was, after: one, begun: begun.has(nameKey(one)) }]
  })
  return {
    from,
    added: [
      ...after.filter((one) => isIn(one) && !isIn(old.get(nameKey(one)))),
      ...programs.filter((one) => excluded.has(nameKey(one)) && !now.has(nameKey(one))),
    ].map(named),
    removed: gone.filter((one) => !ofExtension.has(nameKey(one))).map(named),
    withdrawn: programs.filter((one) => now.has(nameKey(one)) && !old.has(nameKey(one))).map(named),
    refiltered,
    stuck: [...gone, ...refiltered].filter((one) => ofExtension.has(nameKey(one)) && begun.has(nameKey(one))).map(named),
  }
}

/** The rule of tables that are leaving their lane, and aren't dropped or emptied yet: whichever scope comes next has other rows. */
const unfollowed = 'unfollowed'

export function withoutRowsOf(scope: readonly LedgerTable[], tables: readonly RelationNamed[]): LedgerTable[] {
  const keys = new Set(tables.map(nameKey))
  return scope.map((one) => (keys.has(nameKey(one)) ? { ...one, rule: unfollowed } : one))
}

export function isUnfollowed({ rule }: LedgerTable): boolean {
  return rule === unfollowed
}

function isIn(one: LedgerTable | undefined): boolean {
  return one !== undefined && one.rule !== 'excluded'
}

/** Whether what is there already must go: that wants a yes. */
export function isDestructive({ removed, refiltered }: ScopeChange, { preDataDone }: Pick<ObservedLedger, 'preDataDone'>): boolean {
  return preDataDone && (removed.length > 0 || refiltered.some(({ begun }) => begun))
}

/** Nothing that was copied is touched. */
export function isOnlyMore({ removed, withdrawn, refiltered }: ScopeChange): boolean {
  return removed.length + withdrawn.length + refiltered.length === 0
}

/** A ledger without the progress that doesn't hold any more. */
export function withoutOutdated(ledger: ObservedLedger | null, change: ScopeChange | null): ObservedLedger | null {
  if (ledger === null || change === null) return ledger
  const outdated = new Set([...change.removed, ...change.refiltered].map(nameKey))
  return { ...ledger, copied: ledger.copied.filter((one) => !outdated.has(nameKey(one))) }
}

export function nameKey({ schema, name }: RelationNamed): string {
  return JSON.stringify([schema, name])
}

function sameRows(one: LedgerTable, other: LedgerTable): boolean {
  return JSON.stringify([one.rule, one.conditions]) === JSON.stringify([other.rule, other.conditions])
}

function byName(tables: readonly LedgerTable[]): ReadonlyMap<string, LedgerTable> {
  return new Map(tables.map((one) => [nameKey(one), one]))
}

function named({ schema, name }: RelationNamed): RelationNamed {
  return { schema, name }
}

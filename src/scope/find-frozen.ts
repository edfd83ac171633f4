import { castType, type FrozenClock, namesMoment } from './clock.ts'
import type { KnownNames } from './known-names.ts'
import { childrenOf, isBranch, listOf, locationOf, namesOf, nodeOf, type SyntaxNode, stringOf, type Tree } from './syntax-tree.ts'

export interface FreezingContext {
  readonly known: KnownNames
  readonly clock: Pick<FrozenClock, 'utc'>
  /** Of the untyped string literals that are taken for dates and times: as what, by their places. */
  readonly literalTypes: ReadonlyMap<number, string>
}

/** A part of a predicate that depends on no row, and yet changes from one moment, or one time zone, to the next. */
export interface FrozenPart {
  readonly node: Tree
  /** What it's compared with, of the table itself. */
  readonly comparedWith: readonly Tree[]
}

interface Look {
  /** No row and no subquery is read. */
  readonly constant: boolean
  /** Not immutable. */
  readonly moving: boolean
}

/** The largest such parts: `timestamptz - interval` isn't immutable either, so no part of it would do. */
export function findFrozen(expression: Tree, context: FreezingContext): FrozenPart[] {
  const looks = new Map<Tree, Look>()
  look(expression, context, looks)
  const found: FrozenPart[] = []
  visit(expression, { outer: true, comparedWith: [] })
  return found

  function visit(tree: Tree, around: { readonly outer: boolean; readonly comparedWith: readonly Tree[] }): void {
    const node = nodeOf(tree)
    const seen = looks.get(tree)
    if (node !== null && freezable.has(node.kind) && seen?.constant === true && seen.moving && !isSettled(node, context)) {
      found.push({ node: tree, comparedWith: around.comparedWith })
      return
    }
    const outer = around.outer && node?.kind !== 'SelectStmt'
    if (node !== null && isComparison(node)) {
      const { lexpr, rexpr } = node.fields
      visit(lexpr, { outer, comparedWith: outer ? rowsSide(rexpr, looks) : [] })
      visit(rexpr, { outer, comparedWith: outer ? rowsSide(lexpr, looks) : [] })
      return
    }
    const passing = node === null || node.kind === 'List'
    for (const child of childrenOf(tree)) visit(child, { outer, comparedWith: passing ? around.comparedWith : [] })
  }
}

/** Text cast to a date or time elsewhere than where it's written: "now" in it would be read at each run. */
export function hidesMoment(tree: Tree, context: FreezingContext): boolean {
  const node = nodeOf(tree)
  const hidden = node?.kind === 'TypeCast' && isDatedCast(node, context) && mentionsMoment(node.fields['arg'], context)
  return (hidden && stringOf(node.fields['arg']) === undefined) || childrenOf(tree).some((child) => hidesMoment(child, context))
}

function mentionsMoment(tree: Tree, context: FreezingContext): boolean {
  const node = nodeOf(tree)
  const text = stringOf(tree)
  if (node !== null && text !== undefined) return namesMoment(text) && !context.literalTypes.has(locationOf(node.fields))
  const seen = node?.kind === 'TypeCast' && isDatedCast(node, context) && stringOf(node.fields['arg']) !== undefined
  return !seen && childrenOf(tree).some((child) => mentionsMoment(child, context))
}

function isDatedCast({ fields }: SyntaxNode, { known }: FreezingContext): boolean {
  return castType(fields['typeName'], known.domains).dated
}

const freezable: ReadonlySet<string> = new Set([
  ...['A_Expr', 'BoolExpr', 'NullTest', 'BooleanTest', 'CaseExpr', 'CoalesceExpr', 'MinMaxExpr'],
  ...['A_ArrayExpr', 'A_Indirection', 'FuncCall', 'TypeCast', 'SQLValueFunction', 'A_Const'],
])

/** No expressions by themselves, but parts of some. */
const transparent: ReadonlySet<string> = new Set(['String', 'Integer', 'Float', 'Boolean', 'List', 'CaseWhen', 'NamedArgExpr', 'A_Indices'])

/** Remembered for each tree within, so that none is looked at twice. */
function look(tree: Tree, context: FreezingContext, looks: Map<Tree, Look>): Look {
  const within = childrenOf(tree).map((child) => look(child, context, looks))
  const node = nodeOf(tree)
  const own = node === null ? { constant: true, moving: false } : lookAlone(node, context)
  const seen = { constant: own.constant && within.every((one) => one.constant), moving: own.moving || within.some((one) => one.moving) }
  if (isBranch(tree)) looks.set(tree, seen)
  return seen
}

function lookAlone(node: SyntaxNode, context: FreezingContext): Look {
  const { kind, fields } = node
  if (kind === 'FuncCall') {
    const found = context.known.find('function', { names: namesOf(fields['funcname']) })
    const special = ['agg_order', 'agg_filter', 'over', 'agg_star', 'agg_within_group', 'agg_distinct'].some((key) => key in fields)
    return { constant: !special && !found.some(({ gathers }) => gathers), moving: found.some(({ volatility }) => volatility !== 'i') }
  }
  if (kind === 'SQLValueFunction') return { constant: true, moving: true }
  if (kind === 'A_Const') return { constant: true, moving: isMovingLiteral(node, context) }
  if (kind === 'TypeCast') {
    const { dated, zoned } = castType(fields['typeName'], context.known.domains)
    return { constant: true, moving: zoned || (dated && namesMoment(stringOf(fields['arg']) ?? '')) }
  }
  return { constant: freezable.has(kind) || transparent.has(kind), moving: false }
}

function isMovingLiteral({ kind, fields }: SyntaxNode, { literalTypes, clock }: FreezingContext): boolean {
  const type = literalTypes.get(locationOf(fields))
  const text = stringOf({ [kind]: fields })
  if (type === undefined || text === undefined) return false
  return namesMoment(text) || (/ with time zone|^tstz/.test(type) && !clock.utc)
}

/** A literal with its type means the same wherever UTC is the time zone. */
function isSettled({ kind, fields }: SyntaxNode, { clock }: FreezingContext): boolean {
  const text = kind === 'TypeCast' ? stringOf(fields['arg']) : undefined
  return text !== undefined && clock.utc && !namesMoment(text)
}

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '>', '<=', '>='])

function isComparison({ kind, fields }: SyntaxNode): boolean {
  if (kind !== 'A_Expr') return false
  if (fields['kind'] === 'AEXPR_OP') return comparisons.has(namesOf(fields['name']).join('.'))
  return /^AEXPR_(?:IN|(?:NOT_)?(?:BETWEEN(?:_SYM)?|DISTINCT))$/.test(String(fields['kind']))
}

/** The expressions of one side of a comparison that are different in each row. */
function rowsSide(side: Tree, looks: ReadonlyMap<Tree, Look>): Tree[] {
  const node = nodeOf(side)
  const all = node?.kind === 'List' ? listOf(node.fields['items']) : [side]
  // Asking for a subquery's type would run it.
  return hasSubquery(side) ? [] : all.filter((one) => looks.get(one)?.constant === false)
}

function hasSubquery(tree: Tree): boolean {
  return nodeOf(tree)?.kind === 'SubLink' || childrenOf(tree).some(hasSubquery)
}

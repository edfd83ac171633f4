import { literal } from '../sql/identifier.ts'
import { castType, type FrozenClock, frozenFunction, namesMoment, spellMoment } from './clock.ts'
import { type Edit, editText } from './edit-text.ts'
import { type FreezingContext, type FrozenPart, findFrozen, hidesMoment } from './find-frozen.ts'
import { isClockFunction } from './judge-functions.ts'
import { locateNode, tokenAt } from './locate-node.ts'
import { parsePredicate } from './parse-predicate.ts'
import {
  childrenOf,
  listOf,
  locationOf,
  namesOf,
  nodeOf,
  replaceNodes,
  type Span,
  type SqlParser,
  sameTree,
  stringOf,
  type Tree,
} from './syntax-tree.ts'

/** A part to be evaluated once. */
export interface FreezablePart {
  readonly node: Tree
  readonly span: Span
  /** With the clock's words replaced by the moment. */
  readonly sql: string
  /** What it's compared with, as it is written. */
  readonly comparedWith: readonly string[]
}

/** A value as text; null: SQL's. */
export interface FrozenValue {
  readonly value: string | null
  readonly type: string
}

interface PredicateText {
  readonly text: string
  readonly tokens: readonly Span[]
  readonly expression: Tree
}

interface Context extends FreezingContext {
  readonly clock: FrozenClock
}

export type Freezable = { readonly error: null; readonly parts: readonly FreezablePart[] } | { readonly error: string }

export function freezableParts(parser: SqlParser, predicate: PredicateText, context: Context): Freezable {
  if (hidesMoment(predicate.expression, context))
    return { error: 'it makes a date of a text that holds "now" or a day\'s name, which another run would read at another moment' }
  const found = findFrozen(predicate.expression, context)
  const parts = found.flatMap((part) => freezablePart(parser, predicate, part, context) ?? [])
  if (parts.length < found.length) return { error: "the part that reads the clock can't be told from the rest: compare with a literal" }
  return { error: null, parts }
}

/** Undefined unless what was written is proven to be the predicate with just those parts replaced by those values. */
export function writeFrozen(
  parser: SqlParser,
  { text, expression }: PredicateText,
  values: readonly (FreezablePart & FrozenValue)[],
): string | undefined {
  const literals = values.map(({ value, type, span, node }) => ({
    span,
    node,
    sql: `${value === null ? 'null' : literal(value)}::${type}`,
  }))
  const replacements = new Map<Tree, Tree>()
  for (const { node, sql } of literals) {
    const parsed = parsePredicate(parser, sql)
    if (parsed.error !== null) return undefined
    replacements.set(node, parsed.expression)
  }
  const expected = replaceNodes(expression, replacements)
  // Parentheses keep it from its neighbours: `now()and x`.
  const candidates = [(sql: string) => sql, (sql: string) => `(${sql})`]
  return candidates
    .map((spell) =>
      editText(
        text,
        literals.map(({ span, sql }) => ({ ...span, text: spell(sql) })),
      ),
    )
    .find((candidate) => {
      const parsed = parsePredicate(parser, candidate)
      return parsed.error === null && sameTree(parsed.expression, expected)
    })
}

function freezablePart(parser: SqlParser, predicate: PredicateText, part: FrozenPart, context: Context): FreezablePart | undefined {
  const { text, tokens } = predicate
  const span = locateNode(parser, text, tokens, part.node)
  const others = part.comparedWith.map((other) => locateNode(parser, text, tokens, other))
  const edits = clockEdits(parser, predicate, part.node, context)
  if (span === undefined || edits === undefined) return undefined
  const sql = editText(
    text.slice(span.start, span.end),
    edits.map((edit) => ({ ...edit, start: edit.start - span.start, end: edit.end - span.start })),
  )
  // What can't be found isn't adapted to: the comparison is as it was written then.
  const comparedWith = others.flatMap((other) => (other === undefined ? [] : text.slice(other.start, other.end)))
  return { node: part.node, span, sql, comparedWith: comparedWith.length === others.length ? comparedWith : [] }
}

/** Undefined if one of them can't be found. */
function clockEdits(parser: SqlParser, predicate: PredicateText, tree: Tree, context: Context): Edit[] | undefined {
  const node = nodeOf(tree)
  const { kind, fields } = node ?? { kind: '', fields: {} }
  const use = { names: namesOf(fields['funcname']), arguments: listOf(fields['args']).length }
  if (node !== null && (kind === 'SQLValueFunction' || (kind === 'FuncCall' && isClockFunction(use, context.known)))) {
    const span = locateNode(parser, predicate.text, predicate.tokens, tree)
    const text = frozenFunction(node, context.clock)
    return span === undefined || text === undefined ? undefined : [{ ...span, text }]
  }
  const type = kind === 'TypeCast' ? castType(fields['typeName'], context.known.domains) : undefined
  const cast = type?.dated === true ? stringOf(fields['arg']) : undefined
  if (cast !== undefined && type !== undefined)
    return namesMoment(cast) ? literalEdit(predicate, fields['arg'], literal(spellMoment(cast, type.name, context.clock))) : []
  const inferred = context.literalTypes.get(locationOf(fields))
  const bare = inferred === undefined || kind !== 'A_Const' ? undefined : stringOf(tree)
  if (bare !== undefined && inferred !== undefined)
    return literalEdit(predicate, tree, `(${literal(spellMoment(bare, inferred, context.clock))}::${inferred})`)
  const within = childrenOf(tree).map((child) => clockEdits(parser, predicate, child, context))
  return within.some((one) => one === undefined) ? undefined : within.flatMap((one) => one ?? [])
}

function literalEdit({ tokens }: PredicateText, constant: Tree, text: string): Edit[] | undefined {
  const token = tokens[tokenAt(tokens, locationOf(nodeOf(constant)?.fields ?? {}))]
  return token === undefined ? undefined : [{ ...token, text }]
}

import { type FrozenClock, namesMoment } from './clock.ts'
import { type Edit, editText } from './edit-text.ts'
import { tokenAt } from './locate-node.ts'
import { childrenOf, locationOf, nodeOf, type Span, stringOf, type Tree } from './syntax-tree.ts'

/** A string literal that gets its type from what surrounds it, and would be a date or time in some places. */
interface UntypedLiteral extends Span {
  readonly location: number
}

export function untypedLiterals(
  { expression, tokens }: { readonly expression: Tree; readonly tokens: readonly Span[] },
  { utc }: Pick<FrozenClock, 'utc'>,
): UntypedLiteral[] {
  return literalsIn(expression, false).flatMap((literal) => {
    const text = stringOf(literal) ?? ''
    // A date has a year; without a word that names a moment, it's the same everywhere in UTC.
    if (!namesMoment(text) && (utc || !/\d{4}/.test(text))) return []
    const location = locationOf(nodeOf(literal)?.fields ?? {})
    const token = tokens[tokenAt(tokens, location)]
    return token === undefined ? [] : { ...token, location }
  })
}

/** The predicate with `$1`, `$2` … in their place: the server tells a parameter's type. */
export function withParameters(text: string, literals: readonly UntypedLiteral[]): string {
  return editText(
    text,
    literals.map(({ start, end }, index): Edit => ({ start, end, text: ` $${index + 1} ` })),
  )
}

/** Those that are dates or times, by their places. */
export function datedTypes(literals: readonly UntypedLiteral[], types: readonly string[]): ReadonlyMap<number, string> {
  return new Map(
    literals.flatMap(({ location }, index) => {
      const type = types[index]
      return type !== undefined && /^(?:date|time|ts(?:tz)?(?:multi)?range)/.test(type) ? [[location, type] as const] : []
    }),
  )
}

function literalsIn(tree: Tree, typed: boolean): Tree[] {
  if (stringOf(tree) !== undefined) return typed ? [] : [tree]
  const node = nodeOf(tree)
  if (node?.kind !== 'TypeCast') return childrenOf(tree).flatMap((child) => literalsIn(child, false))
  return literalsIn(node.fields['arg'], true)
}

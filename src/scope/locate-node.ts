import { parsePredicate } from './parse-predicate.ts'
import { childrenOf, isBranch, type Span, type SqlParser, sameTree, type Tree } from './syntax-tree.ts'

/** More tokens than a node has after the last of its parts that knows its place. */
const farthest = 40

/**
 * The text of one node of a tree. Nodes tell where one of their tokens stands, seldom the first, and not where they end. So this tries what may be it
 * until that parses as the very node. Undefined if nothing does.
 */
export function locateNode(parser: SqlParser, text: string, tokens: readonly Span[], node: Tree): Span | undefined {
  const places = locationsIn(node).sort((one, other) => one - other)
  const first = tokenAt(tokens, places[0] ?? -1)
  const last = tokenAt(tokens, places.at(-1) ?? -1)
  if (first === -1 || last === -1) return undefined
  for (let from = first; from >= 0 && (from === first || isOpening(text, tokens[from])); from--) {
    for (const until of tokens.slice(last, last + farthest)) {
      const span = { start: tokens[from]?.start ?? 0, end: until.end }
      const parsed = parsePredicate(parser, text.slice(span.start, span.end))
      if (parsed.error === null && sameTree(parsed.expression, node)) return span
    }
  }
  return undefined
}

/** The index of the token that a node's own place points to, or -1. */
export function tokenAt(tokens: readonly Span[], place: number): number {
  let low = 0
  let high = tokens.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const token = tokens[middle]
    if (token === undefined || token.start > place) high = middle - 1
    else if (token.end <= place) low = middle + 1
    else return middle
  }
  return -1
}

function isOpening(text: string, token: Span | undefined): boolean {
  return token !== undefined && text.slice(token.start, token.end) === '('
}

function locationsIn(tree: Tree): number[] {
  const own = isBranch(tree) ? tree['location'] : undefined
  return [...(typeof own === 'number' && own >= 0 ? [own] : []), ...childrenOf(tree).flatMap(locationsIn)]
}

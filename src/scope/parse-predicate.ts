import { isBranch, listOf, nodeOf, type SqlParser, type Tree } from './syntax-tree.ts'

export type ParsedPredicate = { readonly error: null; readonly expression: Tree } | { readonly error: string }

/** What stands before the predicate while it's parsed; places in trees count from its end. */
const before = 'select where '

const longest = 100_000

/**
 * One expression, and nothing else. It's parsed without parentheses around it, so that it can't close them, and what may follow a condition in a
 * query would show in the tree.
 */
export function parsePredicate(parser: SqlParser, text: string): ParsedPredicate {
  if (text.length > longest)
    return {
      error: `it is ${text.length} characters long, and at most ${longest} are taken: put long lists into a table, and select from that`,
    }
  if (text.includes('\0')) return { error: 'it contains a NUL character' }
  if (/\p{Surrogate}/u.test(text)) return { error: 'it contains half of a character (an unpaired surrogate)' }
  const parsed = parser.parse(`${before}${text}\n`)
  if (parsed.error !== null) return { error: `${shortened(parsed.error)}${parsed.at === null ? '' : at(text, parsed.at - before.length)}` }
  const [only, second] = parsed.statements
  if (second !== undefined) return { error: `another statement follows it${at(text, endOf(only))}` }
  if (endOf(only) > 0) return { error: `it ends in a semicolon${at(text, endOf(only))}` }
  const { whereClause, op, limitOption, ...others } = nodeOf(isBranch(only) ? only['stmt'] : null)?.fields ?? {}
  const clause = op === 'SETOP_NONE' ? Object.keys(others)[0] : 'op'
  if (clause !== undefined) return { error: `${clauses[clause] ?? clause} follows it` }
  return { error: null, expression: relocated(whereClause) }
}

const clauses: Readonly<Record<string, string>> = {
  op: 'another query (UNION, INTERSECT, EXCEPT)',
  groupClause: 'GROUP BY',
  havingClause: 'HAVING',
  windowClause: 'WINDOW',
  sortClause: 'ORDER BY',
  limitCount: 'LIMIT',
  limitOffset: 'OFFSET',
  lockingClause: 'FOR UPDATE',
}

/** What isn't closed is quoted to its end. */
function shortened(error: string): string {
  return error.replace(/(?<= at or near ")[\s\S]*(?="$)/, (near) =>
    near.trim().length > 40 ? `${near.trim().slice(0, 40)}…` : near.trim(),
  )
}

/** A statement has a length only where a semicolon ends it. */
function endOf(statement: Tree): number {
  const length = isBranch(statement) ? statement['stmt_len'] : undefined
  return typeof length === 'number' ? length - before.length : 0
}

/** " at character 9", or with the line where there are several. */
function at(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n')
  const column = (lines.at(-1)?.length ?? 0) + 1
  return text.includes('\n') ? ` at line ${lines.length}, character ${column}` : ` at character ${column}`
}

function relocated(tree: Tree): Tree {
  if (Array.isArray(tree)) return listOf(tree).map(relocated)
  if (!isBranch(tree)) return tree
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      key === 'location' && typeof value === 'number' && value >= 0 ? value - before.length : relocated(value),
    ]),
  )
}

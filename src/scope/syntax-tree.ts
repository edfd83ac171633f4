/**
 * PostgreSQL's raw parse tree as JSON: a node is an object whose only key is its kind. Places (`location`) are indices into the text that was parsed.
 * https://github.com/pganalyze/libpg_query
 */
export type Tree = string | number | boolean | null | undefined | readonly Tree[] | Branch

export interface Branch {
  readonly [field: string]: Tree
}

export interface SyntaxNode {
  readonly kind: string
  readonly fields: Branch
}

/** From (inclusive) to (exclusive). */
export interface Span {
  readonly start: number
  readonly end: number
}

export type Parsed =
  | { readonly error: null; readonly statements: readonly Tree[] }
  /** `at`: where, if the parser could tell. */
  | { readonly error: string; readonly at: number | null }

/** What PostgreSQL itself makes of a text, without a server. */
export interface SqlParser {
  parse(sql: string): Parsed
  /** Without white space and comments. */
  tokens(sql: string): readonly Span[]
}

export function isBranch(tree: Tree): tree is Branch {
  return typeof tree === 'object' && tree !== null && !Array.isArray(tree)
}

export function nodeOf(tree: Tree): SyntaxNode | null {
  if (!isBranch(tree)) return null
  const [entry, ...others] = Object.entries(tree)
  if (entry === undefined || others.length > 0 || !/^[A-Z]/.test(entry[0]) || !isBranch(entry[1])) return null
  return { kind: entry[0], fields: entry[1] }
}

export function listOf(tree: Tree): readonly Tree[] {
  return Array.isArray(tree) ? tree : []
}

export function childrenOf(tree: Tree): readonly Tree[] {
  return isBranch(tree) ? Object.values(tree) : listOf(tree)
}

/** The parts of a name that may be qualified. */
export function namesOf(tree: Tree): string[] {
  return listOf(tree).flatMap((one) => {
    const name = nodeOf(one)?.fields['sval']
    return typeof name === 'string' ? name : []
  })
}

/** What a string constant says. */
export function stringOf(tree: Tree): string | undefined {
  const node = nodeOf(tree)
  const value = node?.kind === 'A_Const' ? node.fields['sval'] : undefined
  if (!isBranch(value)) return undefined
  return typeof value['sval'] === 'string' ? value['sval'] : ''
}

export function locationOf(fields: Branch): number {
  const { location } = fields
  return typeof location === 'number' ? location : -1
}

/** Equal but for where things stand. */
export function sameTree(one: Tree, other: Tree): boolean {
  return shape(one) === shape(other)
}

const places: ReadonlySet<string> = new Set([
  'location',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
  'stmt_location',
  'stmt_len',
])

function shape(tree: Tree): string {
  return JSON.stringify(tree, (key, value: unknown) => (places.has(key) ? undefined : value))
}

/** The tree with some of its nodes replaced. */
export function replaceNodes(tree: Tree, replacements: ReadonlyMap<Tree, Tree>): Tree {
  if (replacements.has(tree)) return replacements.get(tree)
  if (Array.isArray(tree)) return listOf(tree).map((one) => replaceNodes(one, replacements))
  if (!isBranch(tree)) return tree
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, replaceNodes(value, replacements)]))
}

import { type Branch, childrenOf, isBranch, listOf, locationOf, namesOf, nodeOf, type SyntaxNode, type Tree } from './syntax-tree.ts'

/** A name as it's written, and where; one part: unqualified. */
export interface NameUse {
  readonly names: readonly string[]
  readonly location: number
}

export interface FunctionUse extends NameUse {
  readonly arguments: number
}

export interface ColumnUse extends NameUse {
  /** With a star at the end, one more than there are names. */
  readonly parts: number
  /** Of the table itself, not of a subquery. */
  readonly outer: boolean
  /** A subquery around it reads something of that first name, which then isn't the table. */
  readonly shadowed: boolean
}

/** What a predicate names, and what it may not do. */
export interface Survey {
  readonly problems: readonly string[]
  readonly functions: readonly FunctionUse[]
  readonly operators: readonly NameUse[]
  readonly types: readonly NameUse[]
  readonly relations: readonly NameUse[]
  readonly columns: readonly ColumnUse[]
}

interface Surroundings {
  readonly outer: boolean
  /** Names of common table expressions, and of what subqueries read. */
  readonly withNames: ReadonlySet<string>
  readonly fromNames: ReadonlySet<string>
  readonly exists: boolean
}

type Mutable = { -readonly [K in keyof Survey]: Survey[K][number][] }

export function surveyPredicate(expression: Tree): Survey {
  const survey: Mutable = { problems: [], functions: [], operators: [], types: [], relations: [], columns: [] }
  visit(expression, { outer: true, withNames: new Set(), fromNames: new Set(), exists: false }, survey)
  return survey
}

function visit(tree: Tree, around: Surroundings, survey: Mutable): void {
  const node = nodeOf(tree)
  if (isBranch(tree) && Array.isArray(tree['names'])) survey.types.push({ names: namesOf(tree['names']), location: locationOf(tree) })
  const within = node === null ? around : note(node, around, survey)
  for (const child of childrenOf(tree)) visit(child, within, survey)
}

function note({ kind, fields }: SyntaxNode, around: Surroundings, survey: Mutable): Surroundings {
  const location = locationOf(fields)
  switch (kind) {
    case 'ColumnRef':
      noteColumn(fields, around, survey)
      break
    case 'FuncCall':
      survey.functions.push({ names: namesOf(fields['funcname']), location, arguments: listOf(fields['args']).length })
      break
    case 'A_Expr':
      survey.operators.push({ names: namesOf(fields['name']), location })
      break
    case 'RangeVar':
      noteRelation(fields, around, survey)
      break
    case 'SQLValueFunction':
      if (!isClock(fields)) survey.problems.push(`${String(fields['op']).replace('SVFOP_', '')} depends on the session`)
      break
    case 'SubLink':
      survey.operators.push({ names: namesOf(fields['operName']), location })
      return { ...around, exists: fields['subLinkType'] === 'EXISTS_SUBLINK' }
    case 'SelectStmt':
      noteSubquery(fields, around, survey)
      return {
        outer: false,
        exists: false,
        withNames: new Set([...around.withNames, ...namesUnder(fields['withClause'], 'ctename')]),
        fromNames: new Set([...around.fromNames, ...namesRead(fields['fromClause'])]),
      }
    default: {
      const problem = forbidden[kind]
      if (problem !== undefined) survey.problems.push(problem)
    }
  }
  return around
}

/** Time is frozen; users and schemas aren't. */
function isClock({ op }: Branch): boolean {
  return /_(?:DATE|TIME|TIMESTAMP|LOCALTIME|LOCALTIMESTAMP)(?:_N)?$/.test(String(op))
}

const forbidden: Readonly<Record<string, string>> = {
  ParamRef: 'it has a parameter ($1), and nothing to put there',
  InsertStmt: 'it changes data',
  UpdateStmt: 'it changes data',
  DeleteStmt: 'it changes data',
  MergeStmt: 'it changes data',
  RangeTableSample: 'TABLESAMPLE may choose other rows each time',
}

/** They change without the row. */
const physical: ReadonlySet<string> = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax'])

function noteColumn(fields: Branch, { outer, fromNames }: Surroundings, survey: Mutable): void {
  const names = namesOf(fields['fields'])
  const last = names.at(-1)
  if (last !== undefined && physical.has(last)) survey.problems.push(`${last} says where a row stands, which changes without the row`)
  const parts = listOf(fields['fields']).length
  survey.columns.push({ names, parts, location: locationOf(fields), outer, shadowed: fromNames.has(names[0] ?? '') })
}

function noteRelation(fields: Branch, { withNames }: Surroundings, survey: Mutable): void {
  const { relname: name, schemaname: schema } = fields
  if (typeof name !== 'string' || (schema === undefined && withNames.has(name))) return
  survey.relations.push({ names: typeof schema === 'string' ? [schema, name] : [name], location: locationOf(fields) })
}

function noteSubquery(fields: Branch, { exists }: Surroundings, survey: Mutable): void {
  if (fields['lockingClause'] !== undefined) survey.problems.push('it locks rows (FOR UPDATE)')
  const limited = fields['limitCount'] !== undefined || fields['limitOffset'] !== undefined
  if (limited && fields['sortClause'] === undefined && !exists)
    survey.problems.push('LIMIT without ORDER BY may choose other rows each time')
}

/** What a FROM clause calls its items; those of subqueries within are theirs. */
function namesRead(tree: Tree): string[] {
  const node = nodeOf(tree)
  const fields = node?.fields ?? (isBranch(tree) ? tree : undefined)
  const alias = fields?.['alias']
  const called = isBranch(alias) ? alias['aliasname'] : node?.kind === 'RangeVar' ? fields?.['relname'] : undefined
  const inner = node?.kind === 'JoinExpr' || node === null ? childrenOf(node?.fields ?? tree).flatMap(namesRead) : []
  return [...(typeof called === 'string' ? [called] : []), ...inner]
}

function namesUnder(tree: Tree, field: string): string[] {
  const own = isBranch(tree) ? tree[field] : undefined
  return [...(typeof own === 'string' ? [own] : []), ...childrenOf(tree).flatMap((one) => namesUnder(one, field))]
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadSqlParser } from '../../../src/pg/sql-parser.ts'
import { parsePredicate } from '../../../src/scope/parse-predicate.ts'
import { nodeOf, sameTree, type Tree } from '../../../src/scope/syntax-tree.ts'
import { arbitraryText } from '../../support/arbitrary-predicates.ts'

const parser = await loadSqlParser()

describe('what is no single expression is refused', () => {
  test.each([
    ['syntax error at or near ")" at character 9', 'id < 500) or (true'],
    ['syntax error at or near ")" at character 12', "'äöü😀' = x) or (true"],
    ['syntax error at or near ")" at line 2, character 5', 'id <\n 500) or (true'],
    ['syntax error at end of input at character 10', '(id < 500'],
    ['syntax error at or near ")" at character 5', 'true) union select 1 from t where (true'],
    ['unterminated /* comment at or near "/* id < 500" at character 1', '/* id < 500'],
    ['unterminated quoted string at or near "\'it" at character 8', "note = 'it"],
    ['unterminated dollar-quoted string', '$$ true'],
    ['syntax error at end of input', '-- true'],
    ['another statement follows it at character 5', 'true; drop table t'],
    ['it ends in a semicolon at character 5', 'true;'],
    ['ORDER BY follows it', 'true order by id'],
    ['GROUP BY follows it', 'true group by id'],
    ['LIMIT follows it', 'true limit 1'],
    ['FOR UPDATE follows it', 'true for update'],
    ['another query (UNION, INTERSECT, EXCEPT) follows it', 'true union select'],
    ['syntax error at or near "with"', 'with x as (select) select'],
    ['syntax error at or near "where"', 'where true'],
    ['it contains a NUL character', 'id = 1\0'],
    ['it contains half of a character', "note = '\ud800'"],
    ['it is 1080000 characters long, and at most 100000 are taken', 'n = 1 or '.repeat(120_000)],
    ['memory exhausted', `${'('.repeat(40_000)}true`],
    ['it is nested too deeply', `1${'+1'.repeat(40_000)} = n`],
  ])('%s', (error, predicate) => {
    expect(parsePredicate(parser, predicate).error).toContain(error)
  })
})

test.each([
  'true',
  ' id in (1, 2) -- both',
  '/* ; */ $q$; drop table t$q$ = note',
  'a.b = \'x\' "odd" = ";"'.slice(0, 9),
  "'\x01\t' = note",
  'exists (select)',
])('an expression is taken: %s', (predicate) => {
  expect(parsePredicate(parser, predicate)).toMatchObject({ error: null })
  expect(parser.tokens(predicate).length).toBeGreaterThan(0)
})

test('ten thousand texts: none crashes the parser, and what is taken stays one condition among others', { timeout: 60_000 }, () => {
  let taken = 0
  fc.assert(
    fc.property(arbitraryText, (predicate) => {
      const parsed = parsePredicate(parser, predicate)
      if (parsed.error !== null) return
      taken++
      const whole = parser.parse(`copy (select from t where a and (${predicate}\n) and b) to stdout`)
      const arguments_ = [...(whole.error === null ? conjuncts(whole.statements) : [])]
      expect(arguments_[0], predicate).toMatchObject({ ColumnRef: {} })
      expect(arguments_.at(-1), predicate).toMatchObject({ ColumnRef: {} })
      const middle = arguments_.slice(1, -1)
      expect(middle.some((one) => sameTree(one, parsed.expression)) || nodeOf(parsed.expression)?.kind === 'BoolExpr', predicate).toBe(true)
    }),
    { numRuns: 10_000 },
  )
  expect(taken).toBeGreaterThan(100)
})

function conjuncts(statements: readonly Tree[]): readonly Tree[] {
  expect(statements).toHaveLength(1)
  const [only] = statements as [{ stmt: { CopyStmt: { query: { SelectStmt: { whereClause: { BoolExpr: { args: Tree[] } } } } } } }]
  return only.stmt.CopyStmt.query.SelectStmt.whereClause.BoolExpr.args
}

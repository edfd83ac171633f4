import { describe, expect, test } from 'vitest'
import { sameDefinition } from '../../../src/plan/same-definition.ts'

describe('the same', () => {
  const pairs: readonly (readonly [what: string, one: string, other: string, acrossMajors?: true])[] = [
    ['white space', 'SELECT a,\n    b\n   FROM s.t', 'SELECT a, b FROM s.t'],
    [
      'what IN makes of a varchar',
      `(((v)::text = ANY ((ARRAY['a'::character varying, 'it''s, ]'::character varying])::text[])))`,
      `(((v)::text = ANY (ARRAY[('a'::character varying)::text, ('it''s, ]'::character varying)::text])))`,
    ],
    ['nested AND', 'CHECK ((((a > 1) AND (b > 1)) AND (c > 1)))', 'CHECK (((a > 1) AND (b > 1) AND (c > 1)))'],
    ['nested OR', '((a OR (b OR c)) OR d)', '(a OR b OR c OR d)'],
    ['needless qualifiers', 'SELECT t.a, t.b FROM s.t WHERE (t.a > 1)', 'SELECT a, b FROM s.t WHERE (a > 1)', true],
    ['a qualifier that is the name of its column', 'SELECT i.i FROM s.i WHERE (i.i > 1)', 'SELECT i FROM s.i WHERE (i > 1)', true],
    ['qualifiers on the newer side', 'SELECT "A b" FROM s.t', 'SELECT t."A b" FROM s.t', true],
  ]
  for (const [what, one, other, acrossMajors] of pairs) {
    test(what, () => {
      expect(sameDefinition(one, other, !acrossMajors)).toBe(true)
      expect(sameDefinition(one, other, false)).toBe(true)
    })
  }
})

describe('different', () => {
  const pairs: readonly (readonly [what: string, one: string, other: string])[] = [
    ['white space in a literal', `'a b'`, `'a  b'`],
    ['white space in a quoted name', '"a b"', '"a  b"'],
    ['upper case', 'a = "B"', 'a = "b"'],
    ['another qualifier', 'SELECT a.id FROM s.a, s.b', 'SELECT b.id FROM s.a, s.b'],
    ['another schema', 'SELECT id FROM s.a', 'SELECT id FROM z.a'],
    ['another column', 'SELECT t.a FROM s.t', 'SELECT b FROM s.t'],
    ['another operator', '(a AND b)', '(a OR b)'],
    ['AND and OR nested otherwise', '((a AND b) OR c)', '(a AND (b OR c))'],
    ['arithmetic nested otherwise', '((a + b) * c)', '(a + (b * c))'],
    ['another element', `(ARRAY['a'::character varying])::text[]`, `ARRAY[('b'::character varying)::text]`],
    ['another cast', 'a::integer', 'a::bigint'],
    ['more at the end', 'SELECT a FROM s.t', 'SELECT a FROM s.t LIMIT 1'],
  ]
  for (const [what, one, other] of pairs) {
    test(what, () => {
      expect(sameDefinition(one, other, true)).toBe(false)
      expect(sameDefinition(one, other, false)).toBe(false)
    })
  }

  test('qualifiers on one major', () => expect(sameDefinition('SELECT t.a', 'SELECT a', true)).toBe(false))
})

import fc from 'fast-check'
import { parse, stringify } from 'smol-toml'
import { expect, test } from 'vitest'
import { tomlPositions } from '../../../src/config/toml-positions.ts'

const text = `# comment with = and [x]
title = "a \\"quoted\\" # no comment"
a.b."c d" = 1
multi = """
x = 1
[no.table]
""" # after
list = [ 1, # one
  "two", [3, 4], { k = 'v', n.m = 2 } ]

[tables."odd.name"]   # header
key = 1979-05-27T07:32:00Z
[[tables.array]]
x = 1
[[tables.array]]
x = 2
[tables.array.sub]
y = 3
`

test.each([
  [['title'], 2, 1],
  [['a', 'b', 'c d'], 3, 1],
  [['multi'], 4, 1],
  [['list'], 8, 1],
  [['list', 0], 8, 10],
  [['list', 1], 9, 3],
  [['list', 2, 1], 9, 14],
  [['list', 3, 'n', 'm'], 9, 29],
  [['tables', 'odd.name'], 11, 2],
  [['tables', 'odd.name', 'key'], 12, 1],
  [['tables', 'array', 0, 'x'], 14, 1],
  [['tables', 'array', 1], 15, 3],
  [['tables', 'array', 1, 'sub', 'y'], 18, 1],
  [['tables', 'array', 1, 'missing'], 15, 3],
])('%j', (path, line, column) => expect(tomlPositions(text)(path)).toEqual({ line, column }))

test('knows nothing of what is not there', () => expect(tomlPositions(text)(['nothing'])).toBeUndefined())

test('finds every key of any document', () => {
  const leaf = fc.oneof(fc.string(), fc.integer({ min: -1000, max: 1000 }), fc.boolean())
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      fc.oneof({ maxDepth: 3 }, leaf, tie('tree'), fc.array(leaf)),
      { maxKeys: 4 },
    ),
  }))
  fc.assert(
    fc.property(tree, (value) => {
      const document = stringify(value as Record<string, unknown>)
      const locate = tomlPositions(document)
      for (const path of paths(parse(document))) expect(locate(path), `${JSON.stringify(path)} in\n${document}`).toBeDefined()
    }),
  )
})

function paths(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, one]) => [[key], ...paths(one).map((path) => [key, ...path])])
}

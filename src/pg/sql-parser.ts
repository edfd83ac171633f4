import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { isBranch, type Parsed, type Span, type SqlParser, type Tree } from '../scope/syntax-tree.ts'

let loading: Promise<SqlParser> | undefined

/** PostgreSQL's own parser, compiled to WebAssembly. It takes a tenth of a second to load, so only those load it who need it. */
export function loadSqlParser(): Promise<SqlParser> {
  // Spelled so that the bundler's own parser can read this file, too (no `??=`): else it misses the program below.
  if (loading === undefined) loading = load()
  return loading
}

async function load(): Promise<SqlParser> {
  // The bundler copies this file beside the bundle, and puts its path in the URL's stead.
  const program = await realpath(new URL('../../node_modules/libpg-query/wasm/libpg-query.wasm', import.meta.url))
  // The package looks for it by `__dirname`, which a bundle of ES modules hasn't got.
  Object.assign(globalThis, { __dirname: dirname(program) })
  try {
    const { loadModule, parseSync, scanSync, SqlError } = await import('libpg-query')
    await loadModule()
    return {
      parse: (sql) => {
        try {
          return { error: null, statements: statements.parse(parseSync(sql)).stmts.map((one) => inCharacters(one, sql)) }
        } catch (error) {
          if (error instanceof SqlError) return failed(error.message, sql, error.sqlDetails?.cursorPosition)
          // The stack ran out. It's unwound, and the next text finds the parser as ever.
          if (error instanceof RangeError) return { error: 'it is nested too deeply', at: null }
          throw error
        }
      },
      tokens: (sql) => {
        // Characters of control aren't escaped in the answer; within literals and comments a space is as good.
        const { tokens } = scanned.parse(scanSync(sql.replaceAll(/\p{Cc}/gu, (one) => (one < ' ' && !/\s/.test(one) ? ' ' : one))))
        const place = placesIn(sql)
        return tokens
          .filter(({ tokenName }) => !tokenName.endsWith('_COMMENT'))
          .map(({ start, end }): Span => ({ start: place(start), end: place(end) }))
      },
    }
  } finally {
    Reflect.deleteProperty(globalThis, '__dirname')
  }
}

const tree: z.ZodType<Tree> = z.custom<Tree>()
const statements = z.object({ stmts: z.array(tree).default([]) })
const scanned = z.object({ tokens: z.array(z.object({ start: z.number(), end: z.number(), tokenName: z.string() })).default([]) })

function failed(message: string, sql: string, cursor: number | undefined): Parsed {
  // Counted in code points.
  return { error: message, at: cursor === undefined ? null : [...sql].slice(0, cursor).join('').length }
}

/** Turns places in bytes into indices of the string. */
function inCharacters(parsed: Tree, sql: string): Tree {
  const place = placesIn(sql)
  const convert = (one: Tree, key = ''): Tree => {
    if (Array.isArray(one)) return one.map((item: Tree) => convert(item))
    if (isBranch(one)) return Object.fromEntries(Object.entries(one).map(([name, value]) => [name, convert(value, name)]))
    return key === 'location' && typeof one === 'number' ? place(one) : one
  }
  return convert(parsed)
}

function placesIn(sql: string): (byte: number) => number {
  const bytes = Buffer.from(sql)
  if (bytes.length === sql.length) return (byte) => byte
  const indices = new Map<number, number>()
  let byte = 0
  for (let index = 0; index <= sql.length; ) {
    indices.set(byte, index)
    const character = String.fromCodePoint(sql.codePointAt(index) ?? 0)
    byte += Buffer.byteLength(character)
    index += character.length
  }
  return (one) => indices.get(one) ?? one
}

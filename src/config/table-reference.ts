import type { NamePart, TableReference } from './config.ts'
import { InvalidValue } from './invalid-value.ts'

type Where = Pick<TableReference, 'database' | 'position'>

/** `[database.][schema.]table`; parts may be quoted as in SQL. */
export function parseTableReference(text: string, where: Where = {}): TableReference {
  const trimmed = text.trim()
  const parts = parseParts(trimmed)
  const most = where.database === undefined ? 3 : 2
  if (parts.length > most) {
    const hint =
      where.database === undefined
        ? 'Quote a name that holds a dot: "a.b".'
        : 'In the section of a database, a table is written as [schema.]table.'
    throw new InvalidValue(`the table name ${trimmed} has ${parts.length} parts, at most ${most} make sense`, { hint })
  }
  return { text: trimmed, parts, ...where }
}

/** The name of a database, which may be quoted and may hold `*` and `?`; a dot needs no quotes here. */
export function parseDatabaseName(text: string): NamePart {
  const trimmed = text.trim()
  if (!trimmed.startsWith('"')) return namePart(trimmed, false, text)
  const [only, ...more] = parseParts(trimmed)
  if (only === undefined || more.length > 0) throw new InvalidValue(`${text} is not the name of one database`)
  return only
}

/** Parts between the dots. Names are taken as written, without folding to lower case: they come from catalogs, not from SQL. */
export function parseParts(text: string): NamePart[] {
  const parts: NamePart[] = []
  const scanner = /\s*(?:"((?:[^"]|"")*)"|([^".]*))\s*(\.|$)/y
  for (;;) {
    const match = scanner.exec(text)
    if (match === null)
      throw new InvalidValue(`${text} is not a name: its quotes don't pair up or stand inside of a part`, {
        hint: 'Quote whole parts, and double a quote inside of them: "My Schema"."odd ""name""".',
      })
    const [, quoted, plain = '', end] = match
    parts.push(namePart(quoted?.replaceAll('""', '"') ?? plain.trim(), quoted !== undefined, text))
    if (end === '') return parts
  }
}

/** The longest name that PostgreSQL keeps; a longer one can't match anything. */
const maximumBytes = 63

function namePart(text: string, quoted: boolean, whole: string): NamePart {
  if (text === '') throw new InvalidValue(whole.trim() === '' ? 'a name is missing' : `${whole} has an empty part`)
  if (text.includes('\0')) throw new InvalidValue('a name can not contain a NUL character')
  if (Buffer.byteLength(text) > maximumBytes)
    throw new InvalidValue(`${text} is longer than the ${maximumBytes} bytes of a name in PostgreSQL`)
  return { text, quoted }
}

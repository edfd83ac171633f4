import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { connect } from './query.ts'

/**
 * Runs a file as psql would, without psql: plain dumps with their COPY blocks included. What stands between COPY blocks is sent as one
 * string and so is one transaction; a line `-- batch` begins another.
 */
export async function loadSqlFile(url: string, file: string): Promise<void> {
  await loadSql(url, await readFile(file, 'utf8'), file)
}

export async function loadSql(url: string, text: string, file = 'sql'): Promise<void> {
  await using session = await connect(url)
  for (const piece of pieces(text)) {
    try {
      if (piece.rows === undefined) await session.client.query(piece.sql)
      else await pipeline(chunks(piece.rows), session.client.query(copyFrom(piece.sql)))
    } catch (error) {
      throw new Error(`${file}, in the piece from line ${piece.line}: ${describe(error, piece)}`, { cause: error })
    }
  }
}

interface Piece {
  readonly sql: string
  readonly line: number
  readonly rows?: readonly string[]
}

function* pieces(text: string): Generator<Piece> {
  const lines = text.split('\n')
  let sql: string[] = []
  let line = 1
  for (let index = 0; index < lines.length; index++) {
    const one = lines[index] ?? ''
    const isCopy = /^COPY .* FROM stdin;$/i.test(one)
    if (!isCopy && one !== '-- batch') {
      // Guards of pg_dump that only psql understands.
      sql.push(/^\\(un)?restrict /.test(one) ? '' : one)
      continue
    }
    if (sql.some((each) => each.trim() !== '')) yield { sql: sql.join('\n'), line }
    sql = []
    if (isCopy) {
      const end = lines.indexOf('\\.', index)
      yield { sql: one.replace(/;$/, ''), line: index + 1, rows: lines.slice(index + 1, end) }
      index = end
    }
    line = index + 2
  }
  if (sql.some((each) => each.trim() !== '')) yield { sql: sql.join('\n'), line }
}

function* chunks(rows: readonly string[]): Generator<string> {
  for (let at = 0; at < rows.length; at += 1000) yield `${rows.slice(at, at + 1000).join('\n')}\n`
}

/** The server counts characters from the start of what it was sent: a line number is more use. */
function describe(error: unknown, { sql, line }: Piece): string {
  if (!(error instanceof Error)) return String(error)
  const { position, detail, where } = error as Error & { position?: string; detail?: string; where?: string }
  const at =
    position === undefined
      ? ''
      : ` (line ${
          line +
          [...sql]
            .slice(0, Number(position) - 1)
            .join('')
            .split('\n').length -
          1
        })`
  return [error.message + at, detail, where].filter(Boolean).join('\n')
}

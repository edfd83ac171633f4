import pg from 'pg'

export type Row = Record<string, unknown>

/** Own connection, so that no session is left that a database couldn't be dropped under. Values come as text, exact as the server wrote them. */
export async function query<T extends Row = Row>(url: string, sql: string, values: readonly unknown[] = []): Promise<T[]> {
  await using session = await connect(url)
  return await session.query<T>(sql, values)
}

export interface TestSession extends AsyncDisposable {
  readonly client: pg.Client
  /** Texts of the notices that came. */
  readonly notices: readonly string[]
  query<T extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<T[]>
}

/** A connection of the test's own: `await using session = await connect(url)`. */
export async function connect(url: string, options: pg.ClientConfig = {}): Promise<TestSession> {
  const client = new pg.Client({ connectionString: url, application_name: 'test', types: { getTypeParser: textParser }, ...options })
  const notices: string[] = []
  client.on('notice', (notice) => notices.push(notice.message ?? ''))
  // A test that cuts connections or restarts servers gets its error from the query under way.
  client.on('error', () => {})
  await client.connect()
  return {
    client,
    notices,
    async query<T extends Row>(sql: string, values: readonly unknown[] = []) {
      // With values it must be one statement; without, it may be many, and the last one's rows are returned.
      const result = values.length > 0 ? await client.query<T>(sql, [...values]) : await client.query<T>(sql)
      const last = Array.isArray(result) ? result.at(-1) : result
      return last.rows
    },
    [Symbol.asyncDispose]: () => client.end(),
  }
}

const textParser = () => (text: string | Buffer) => text

import { parseConnectionUrl } from '../../src/config/connection-url.ts'
import { verifySchema } from '../../src/engine/verify/verify-schema.ts'
import type { SchemaDifference } from '../../src/plan/results.ts'
import type { SchemaComparison } from '../../src/plan/schema-difference.ts'
import type { DatabasePair } from './database-pair.ts'

export function compareSchemas(pair: DatabasePair): Promise<SchemaComparison> {
  const settings = (url: string) => parseConnectionUrl(url, { user: 'postgres' })
  const { signal } = new AbortController()
  const [source, target] = [settings(pair.source.url), settings(pair.target.url)]
  return verifySchema({ database: pair.source.name, tables: [], leftOut: [], source, target, replicated: false, signal })
}

/** `different table s.t: owner, comment`, one per object. */
export function inWords({ kind, object, identity, source, target }: SchemaDifference): string {
  const names = (text: string | undefined) =>
    [...(text ?? '').matchAll(/^([A-Za-z_ ]+?(?: of (?:PUBLIC|role \S+))?):/gm)].map(([, name]) => name)
  const facts = kind === 'different' ? `: ${[...new Set([...names(source), ...names(target)])].sort().join(', ')}` : ''
  return `${kind} ${object} ${identity}${facts}`
}

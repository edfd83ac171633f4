import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConnectionSettings } from '../config/config.ts'
import { ReplicatorError } from '../errors.ts'
import { conninfo } from '../sql/conninfo.ts'
import { qualified } from '../sql/identifier.ts'
import { privateFolder, writePassfile } from './private-folder.ts'
import { applicationName } from './session.ts'
import { runTool } from './tools.ts'

/** A pg_dump archive without rows, in memory: it holds definitions only. */
export interface Archive {
  readonly content: Buffer
  readonly pgRestore: string
}

export interface ArchiveEntry {
  /** What a use-list names it by. */
  readonly dumpId: number
  /** The catalog that holds the object, and its oid there; both 0 for comments, grants and the like. */
  readonly catalogOid: number
  readonly oid: number
  /** "TABLE", "FK CONSTRAINT", … */
  readonly kind: string
  /** Kind, schema and name as pg_restore prints them: for messages only, since names with spaces can't be told apart. */
  readonly description: string
  readonly dependsOn: readonly number[]
}

export interface DumpRequest {
  readonly pgDump: string
  readonly pgRestore: string
  readonly settings: ConnectionSettings
  readonly database: string
  readonly snapshot: string
  readonly excludedTables: readonly { readonly schema: string; readonly name: string }[]
  readonly signal: AbortSignal
}

/** Everything but rows, under the snapshot. Large objects and publications have ways of their own. */
export async function dumpArchive({
  pgDump,
  pgRestore,
  settings,
  database,
  snapshot,
  excludedTables,
  signal,
}: DumpRequest): Promise<Archive> {
  await using folder = await privateFolder()
  const passfile = settings.password === undefined ? undefined : await writePassfile(folder.path, settings.password.reveal())
  const content = await runTool({
    path: pgDump,
    args: [
      '--format=custom',
      '--compress=0',
      '--section=pre-data',
      '--section=post-data',
      '--no-blobs',
      '--no-publications',
      '--no-subscriptions',
      '--encoding=UTF8',
      '--lock-wait-timeout=60s',
      '--no-password',
      `--snapshot=${snapshot}`,
      '--exclude-schema=seren_replicator',
      ...excludedTables.map((table) => `--exclude-table=${qualified(table)}`),
      `--dbname=${conninfo(settings, { dbname: database, application_name: applicationName(settings) })}`,
    ],
    environment: passfile === undefined ? {} : { PGPASSFILE: passfile },
    signal,
  })
  return { content, pgRestore }
}

export type Section = 'pre-data' | 'post-data'

/** The archive's entries of one section, in the order in which they must be restored. */
export async function listEntries(archive: Archive, section: Section, signal: AbortSignal): Promise<ArchiveEntry[]> {
  const list = (option: string) => runTool({ path: archive.pgRestore, args: ['--list', option], stdin: archive.content, signal })
  // Dependencies come with --verbose alone, which then lists all sections.
  const [ofSection, all] = await Promise.all([list(`--section=${section}`), list('--verbose')])
  const wanted = new Set(parseEntries(ofSection).map((entry) => entry.dumpId))
  return parseEntries(all).filter((entry) => wanted.has(entry.dumpId))
}

function parseEntries(list: Buffer): ArchiveEntry[] {
  const entries: ArchiveEntry[] = []
  for (const line of list.toString('utf8').split('\n')) {
    const dependencies = /^;\s+depends on: ([\d ]+)/.exec(line)?.[1]
    const last = entries.at(-1)
    if (dependencies !== undefined && last !== undefined) {
      entries[entries.length - 1] = { ...last, dependsOn: dependencies.trim().split(' ').map(Number) }
    }
    const entry = parseEntry(line)
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

export interface ScriptOptions {
  readonly noOwner?: boolean
  readonly noTablespaces?: boolean
}

/** The SQL of the entries named, in their order, without the settings that psql or another major would need. */
export async function entriesToSql(
  archive: Archive,
  entries: readonly ArchiveEntry[],
  options: ScriptOptions,
  signal: AbortSignal,
): Promise<string> {
  await using folder = await privateFolder()
  const list = join(folder.path, 'list')
  await writeFile(list, entries.map((entry) => `${entry.dumpId};\n`).join(''))
  const output = await runTool({
    path: archive.pgRestore,
    args: [
      `--use-list=${list}`,
      '--file=-',
      ...(options.noOwner ? ['--no-owner'] : []),
      ...(options.noTablespaces ? ['--no-tablespaces'] : []),
    ],
    stdin: archive.content,
    signal,
  })
  return withoutFrame(output.toString('utf8'))
}

/** The last of the settings that pg_restore writes ahead of the first entry. Our sessions have them pinned already. */
const preambleEnd = '\nSET row_security = off;\n'

function withoutFrame(script: string): string {
  const start = script.indexOf(preambleEnd)
  if (start === -1) throw new ReplicatorError('internal', 'pg_restore wrote a script without the preamble that was expected')
  return script.slice(start + preambleEnd.length).replace(/\n\\unrestrict \S+\s*$/, '\n')
}

/** Longest first, so that "TABLE ATTACH" isn't taken for "TABLE". */
const kindsOfSeveralWords = [
  'MATERIALIZED VIEW DATA',
  'TEXT SEARCH CONFIGURATION',
  'TEXT SEARCH DICTIONARY',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
  'FOREIGN DATA WRAPPER',
  'PROCEDURAL LANGUAGE',
  'MATERIALIZED VIEW',
  'PUBLICATION TABLES IN SCHEMA',
  'PUBLICATION TABLE',
  'SUBSCRIPTION TABLE',
  'SEQUENCE OWNED BY',
  'OPERATOR FAMILY',
  'OPERATOR CLASS',
  'CHECK CONSTRAINT',
  'DATABASE PROPERTIES',
  'SECURITY LABEL',
  'ACCESS METHOD',
  'EVENT TRIGGER',
  'FK CONSTRAINT',
  'FOREIGN SERVER',
  'FOREIGN TABLE',
  'INDEX ATTACH',
  'TABLE ATTACH',
  'ROW SECURITY',
  'SEQUENCE SET',
  'USER MAPPING',
  'DEFAULT ACL',
  'SHELL TYPE',
  'TABLE DATA',
  'STATISTICS DATA',
  'NOT NULL CONSTRAINT',
]

function parseEntry(line: string): ArchiveEntry | undefined {
  const fields = /^(\d+); (\d+) (\d+) (.+)$/.exec(line)
  if (fields === null) return undefined
  const [, dumpId, catalogOid, oid, description = ''] = fields
  const kind = kindsOfSeveralWords.find((one) => description.startsWith(`${one} `)) ?? description.split(' ', 1)[0] ?? ''
  return { dumpId: Number(dumpId), catalogOid: Number(catalogOid), oid: Number(oid), kind, description, dependsOn: [] }
}

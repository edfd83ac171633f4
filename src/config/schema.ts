import { isAbsolute } from 'node:path'
import type { ClientTools, Command, HostAddress } from './config.ts'
import { parseTableFilter, parseTimeFilter } from './filters.ts'
import { choice, flag, type Input, list, listOfAny, listOfSome, text } from './input-kinds.ts'
import { InvalidValue } from './invalid-value.ts'
import { parseBytes, parseDuration, parseWholeNumber } from './quantities.ts'
import { parseDatabaseName, parseTableReference } from './table-reference.ts'

const all = [
  'validate',
  'plan',
  'init',
  'sync',
  'status',
  'verify',
  'cutover',
  'cleanup',
  'replicate',
] as const satisfies readonly Command[]
const scoped = [
  'validate',
  'plan',
  'init',
  'sync',
  'status',
  'verify',
  'cutover',
  'cleanup',
  'replicate',
] as const satisfies readonly Command[]
const copying = ['validate', 'plan', 'init', 'replicate'] as const satisfies readonly Command[]

/**
 * Every input of the action and every flag of the command line, in the order in which help and documentation show them. The one
 * definition: action.yml, the flags, the config file and docs/configuration.md are made from it or tested against it.
 */
export const inputs = {
  source: text(nonEmpty, {
    commands: all,
    notInFile: true,
    placeholder: 'URL',
    description: 'Connection URL of the database to replicate from. In the environment: `SEREN_SOURCE_URL`.',
  }),
  target: text(nonEmpty, {
    commands: all,
    notInFile: true,
    placeholder: 'URL',
    description: 'Connection URL of the server to replicate to. In the environment: `SEREN_TARGET_URL`.',
  }),
  config: text(nonEmpty, {
    commands: all,
    notInFile: true,
    placeholder: 'FILE',
    description: 'Configuration file (TOML), from the working folder; in the action, from the workspace.',
  }),

  'include-databases': listOfSome(parseDatabaseName, {
    commas: true,
    commands: scoped,
    placeholder: 'NAME',
    default: 'all that are not templates',
    description: 'Databases to replicate; `*` and `?` match within a name.',
  }),
  'exclude-databases': list(parseDatabaseName, {
    commas: true,
    commands: scoped,
    placeholder: 'NAME',
    description: 'Databases to leave out. Exclude wins over include.',
  }),
  'include-tables': listOfSome(parseTableReference, {
    commas: true,
    commands: scoped,
    placeholder: 'TABLE',
    default: 'all',
    description: 'Tables to replicate, as `[database.][schema.]table`.',
  }),
  'exclude-tables': list(parseTableReference, {
    commas: true,
    commands: scoped,
    placeholder: 'TABLE',
    description: 'Tables to leave out, as `[database.][schema.]table`.',
  }),
  'schema-only-tables': list(parseTableReference, {
    commas: true,
    commands: scoped,
    placeholder: 'TABLE',
    description: 'Tables whose structure is wanted without their rows.',
  }),
  'table-filters': listOfAny(parseTableFilter, {
    commas: false,
    commands: scoped,
    placeholder: 'TABLE:PREDICATE',
    description: 'Rows to replicate, as `[database.][schema.]table:SQL predicate`.',
  }),
  'time-filters': listOfAny(parseTimeFilter, {
    commas: false,
    commands: scoped,
    placeholder: 'TABLE:COLUMN:WINDOW',
    description: 'Rows younger than a window, as `[database.][schema.]table:column:window`, where the window is like `6 months`.',
  }),

  yes: flag({
    commands: all,
    short: '-y',
    description:
      'Ask no questions, as always in the action and without a terminal. Given, it also agrees to redo what a changed scope changes in an unfinished copy.',
  }),
  'no-interactive': flag({ commands: all, description: 'The same; accepted for those who are used to it.' }),
  'drop-existing': flag({ commands: copying, description: 'Drop and recreate target databases that hold data.' }),
  'no-resume': flag({ commands: copying, description: 'Discard the progress of an earlier run and start over.' }),
  'snapshot-only': flag({ commands: copying, description: 'Copy once, without preparing continuous replication.' }),
  jobs: text((value) => parseWholeNumber(value, 1, 64), {
    commands: [...copying, 'verify'],
    placeholder: 'N',
    default: "from processors and both servers' limits, at most 8",
    description: 'How many tables are copied, indexed or verified at a time.',
  }),
  'time-budget': text(positiveDuration, {
    commands: ['init', 'sync', 'replicate'],
    placeholder: 'DURATION',
    default: 'none',
    description: 'Stop cleanly before this time is over, to be continued by the next run, like `330m`.',
  }),

  'max-lag-bytes': text(parseBytes, {
    commands: ['sync', 'status', 'cutover', 'replicate'],
    placeholder: 'BYTES',
    description: 'Lag in bytes that still counts as caught up, like `16MB`.',
  }),
  'max-lag-seconds': text(lagSeconds, {
    commands: ['sync', 'status', 'cutover', 'replicate'],
    placeholder: 'SECONDS',
    description: 'Lag in seconds that still counts as caught up.',
  }),
  wait: text(parseDuration, {
    commands: ['sync', 'status', 'verify', 'cutover', 'replicate'],
    placeholder: 'DURATION',
    description: 'How long to wait for the thresholds to hold; in `verify`, for a target that is behind (60 s unless told).',
  }),
  'replica-identity': choice(['refuse', 'full', 'insert-only', 'skip'], {
    commands: [...copying, 'sync'],
    default: 'refuse',
    description: "What to do with tables that logical replication can't update.",
  }),
  'follow-foreign-keys': flag({
    commands: scoped,
    description: 'Bring the rows that selected rows refer to: of filtered tables, and of tables that include-tables does not list.',
  }),
  'add-tables': flag({ commands: ['sync'], description: 'Bring in tables that appeared on the source since.' }),
  'source-from-target': text(hostAndPort, {
    commands: [...copying, 'sync'],
    placeholder: 'HOST:PORT',
    description: "The source's host and port as the target server must dial it, where that differs.",
  }),
  'subscription-credentials': choice(['inline', 'passfile', 'none'], {
    commands: [...copying, 'sync'],
    default: 'inline',
    description: "What the subscription's connection string holds of the password.",
  }),
  heartbeat: choice(['auto', 'off'], {
    commands: [...copying, 'sync', 'status', 'verify'],
    default: 'auto',
    description: 'A one-row table of ours on the source, published, to measure lag in seconds.',
  }),
  'max-hold': text(parseDuration, {
    commands: ['sync', 'verify', 'replicate'],
    placeholder: 'DURATION',
    default: '500ms',
    description:
      'Longest time that writes to tables of the source may be held, to merge a lane or to compare a table that is being written to; 0 is never.',
  }),
  'dry-run': flag({ commands: ['cutover', 'cleanup'], description: 'List the steps and change nothing.' }),
  watch: flag({ commands: ['status'], description: 'Refresh on the terminal until stopped.' }),

  'client-tools': text(clientTools, {
    commands: [...copying, 'sync'],
    placeholder: 'auto|system|FOLDER',
    default: 'auto',
    description:
      '`auto` finds `pg_dump` and `pg_restore`, and installs them on a runner; `system` only finds them; a folder is where they are.',
  }),
  report: text(nonEmpty, { commands: all, placeholder: 'FILE', description: 'Path of the JSON report to write.' }),
  'log-level': choice(['error', 'warning', 'info', 'debug'], { commands: all, default: 'info', description: 'How much the log says.' }),
  summary: { ...flag({ commands: all, actionOnly: true, description: 'Whether to write the job summary.' }), default: 'true' },
  'github-token': text(nonEmpty, {
    commands: all,
    actionOnly: true,
    notInFile: true,
    placeholder: 'TOKEN',
    description: 'Token for artifacts of other runs and for comments.',
  }),
  'artifact-retention-days': text((value) => parseWholeNumber(value, 0, 400), {
    commands: all,
    actionOnly: true,
    placeholder: 'DAYS',
    default: '0',
    description: "How long the report's artifact is kept; 0 is the repository's setting.",
  }),
  'pr-comment': flag({
    commands: ['plan', 'verify'],
    actionOnly: true,
    unavailable: true,
    description: 'Write the result as a comment on the pull request.',
  }),
  'approved-plan': text(nonEmpty, {
    commands: ['init', 'replicate'],
    actionOnly: true,
    unavailable: true,
    placeholder: 'DIGEST',
    description: 'Digest of the plan that was approved: any other is refused.',
  }),
} as const satisfies Record<string, Input>

export type InputName = keyof typeof inputs
export const inputNames = Object.keys(inputs) as InputName[]

/** The definition as it looks from outside, where only what all inputs have in common counts. */
export function inputNamed(name: InputName): Input {
  return inputs[name]
}

function nonEmpty(value: string): string {
  if (value.trim() === '') throw new InvalidValue('it is empty')
  return value.trim()
}

function positiveDuration(value: string): number {
  const seconds = parseDuration(value)
  if (seconds < 1) throw new InvalidValue(`${value} is too short a time for anything`)
  return seconds
}

function lagSeconds(value: string): number {
  return /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : parseDuration(value)
}

function hostAndPort(value: string): HostAddress {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@]+))(?::(\d{1,5}))?$/i.exec(value.trim())
  if (match === null)
    throw new InvalidValue('expected host or host:port', { hint: 'Without user, password and database: those are taken from source.' })
  const [, bracketed, plain = '', port = '5432'] = match
  return { host: bracketed ?? plain, port: parseWholeNumber(port, 1, 65_535) }
}

function clientTools(value: string): ClientTools {
  const path = nonEmpty(value)
  if (path === 'auto' || path === 'system') return { kind: path }
  if (isAbsolute(path) || /[./\\]/.test(path)) return { kind: 'folder', path }
  throw new InvalidValue(`expected auto, system, or the path of a folder, not "${path}"`)
}

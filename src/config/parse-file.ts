import { parse, TomlError } from 'smol-toml'
import { type Problem, problem } from '../errors.ts'
import { type FileValues, fileInputNames, fileSchema, snakeCase, toFileValues } from './file-schema.ts'
import { type Mistake, toMistakes } from './issues.ts'
import { suggestion } from './nearest.ts'
import { type Position, tomlPositions } from './toml-positions.ts'

export interface FileText {
  /** As given, for messages. */
  readonly name: string
  readonly text: string
}

type LocateKey = (path: readonly PropertyKey[]) => Position | undefined

/** All that the file says, or all that is wrong with it. */
export function parseFile(file: FileText): FileValues | readonly Problem[] {
  // Editors of Windows begin a file with a mark of its encoding.
  const text = file.text.replace(/^\ufeff/, '')
  let raw: Readonly<Record<string, unknown>>
  try {
    raw = parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    return [syntaxProblem(file.name, error)]
  }
  const locate = tomlPositions(text)
  const parsed = fileSchema.safeParse(raw)
  const mistakes = [...(parsed.success ? [] : toMistakes(parsed.error.issues)), ...unnameable(raw)]
  if (!parsed.success || mistakes.length > 0) return mistakes.map((mistake) => toProblem(file.name, mistake, locate)).toSorted(byPlace)
  return toFileValues(parsed.data, raw, (path) => placeIn(file.name, locate(path)))
}

/** The one name that JavaScript keeps for itself: a section of it would be passed over. */
function unnameable({ databases }: Readonly<Record<string, unknown>>): Mistake[] {
  if (typeof databases !== 'object' || databases === null || !Object.hasOwn(databases, '__proto__')) return []
  const hint = 'Write its rules at the top of the file: exclude_tables = ["__proto__.public.t"].'
  return [{ path: ['databases', '__proto__'], message: "a database of that name can't have a section", hint }]
}

function byPlace({ position: one }: Problem, { position: other }: Problem): number {
  return (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0)
}

/** Its first line alone: the rest quotes the file, which may hold what must not be printed. */
function syntaxProblem(file: string, error: TomlError): Problem {
  const [message = ''] = error.message.split('\n')
  const position = { file, line: error.line, column: error.column }
  return problem('config-invalid', message.replace(/^Invalid TOML document: /, ''), {
    position,
    hint: 'The file must be TOML: https://toml.io',
  })
}

function toProblem(file: string, mistake: Mistake, locate: LocateKey): Problem {
  const { path, message, unknown, code = 'config-invalid' } = mistake
  const hint = unknown === undefined ? mistake.hint : unknownHint(path, unknown)
  const position = placeIn(file, locate(path))
  const where = unknown === undefined ? dotted(path) : dotted(path.slice(0, -1))
  return problem(code, where === '' ? message : `${where}: ${message}`, {
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position }),
  })
}

function unknownHint(path: readonly PropertyKey[], name: string): string {
  if (path.length === 1 && ['source', 'target', 'source_url', 'target_url'].includes(name)) {
    return 'Connection URLs hold passwords and never stand in the file: give them as input, flag, or in SEREN_SOURCE_URL and SEREN_TARGET_URL.'
  }
  return suggestion(name, keysAt(path.slice(0, -1)))
}

function keysAt(path: readonly PropertyKey[]): string[] {
  if (path.length === 0) return [...fileInputNames().map(snakeCase), 'databases']
  const list = path.at(-2)
  if (list === 'table_filters') return ['table', 'schema', 'where']
  if (list === 'time_filters') return ['table', 'schema', 'column', 'last']
  return ['include_tables', 'exclude_tables', 'schema_only', 'table_filters', 'time_filters']
}

function placeIn(file: string, position: Position | undefined): Problem['position'] {
  return position === undefined ? undefined : { file, ...position }
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part + 1}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('')
}

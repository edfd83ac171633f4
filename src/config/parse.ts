import { z } from 'zod'
import { type Problem, problem, type Warning, warning } from '../errors.ts'
import { type Command, type Config, type ConnectionSettings, commands, type ScopeRules } from './config.ts'
import { parseConnectionUrl } from './connection-url.ts'
import type { FileValues } from './file-schema.ts'
import type { InputValues } from './input-values.ts'
import { InvalidValue } from './invalid-value.ts'
import { toMistakes } from './issues.ts'
import { suggestion } from './nearest.ts'
import { type FileText, parseFile } from './parse-file.ts'
import { type InputName, inputNamed, inputNames, inputs } from './schema.ts'
import { secretForms } from './secret-forms.ts'
import { refuseUnavailable } from './unavailable.ts'

/** What an entry was given, before anything is understood of it. */
export interface Given {
  readonly command: string
  /** By input name; what isn't given is absent. */
  readonly values: Readonly<Record<string, string | boolean | readonly string[]>>
  /** `SEREN_SOURCE_URL`, `SEREN_TARGET_URL`. */
  readonly environment: { readonly source: string | undefined; readonly target: string | undefined }
  /** Whether this is a runner of GitHub's Actions, where packages may be installed. */
  readonly onRunner: boolean
  /** Whether progress is shown on a terminal, where it can be refreshed. */
  readonly onTerminal: boolean
  /** How messages call an input: `--jobs`, or `jobs`. */
  readonly spell: (name: string) => string
  /** The account's name, for URLs that name no user. */
  readonly account: string
}

/** How the run is shown: for the entries, of no concern to the commands. */
export interface Presentation {
  readonly logLevel: 'error' | 'warning' | 'info' | 'debug'
  readonly summary: boolean
  readonly report: string | undefined
  readonly artifactRetentionDays: number
}

export interface Parsed {
  /** Undefined when there are problems. */
  readonly config: Config | undefined
  readonly presentation: Presentation
  /** Everything that no output may contain; known as far as possible even when there are problems. */
  readonly secrets: readonly string[]
  readonly problems: readonly Problem[]
  readonly warnings: readonly Warning[]
}

/** Precedence, highest first: flag or input, environment, config file, default. Collects every mistake. */
export function parseConfig(given: Given, file: FileText | undefined): Parsed {
  const command = commands.find((one) => one === given.command)
  const entered = parseGiven(given)
  const fromFile = file === undefined ? nothingInFile : parseFile(file)
  const inFile = isProblems(fromFile) ? nothingInFile : fromFile
  const values = { ...inFile.values, ...entered.values }
  const source = connection('source', given, values)
  const target = connection('target', given, values)
  const problems = [
    ...(command === undefined ? [unknownCommand(given)] : []),
    ...entered.problems,
    ...(isProblems(fromFile) ? fromFile : []),
    ...(command === undefined ? [] : refuseUnavailable(command, entered.values, inFile.values, given.spell)),
    ...source.problems,
    ...target.problems,
  ]
  const config =
    command && source.settings && target.settings && problems.length === 0
      ? assemble(command, source.settings, target.settings, values, mergeScope(entered.values, inFile), given)
      : undefined
  return {
    config,
    presentation: presentationOf(values),
    secrets: [...source.secrets, ...target.secrets, ...(values['github-token'] === undefined ? [] : [values['github-token']])],
    problems,
    warnings: command === undefined ? [] : [...unheeded(command, entered.values, given.spell), ...unwatchable(command, values, given)],
  }
}

const nothingInFile: FileValues = {
  values: {},
  scope: { includeTables: [], excludeTables: [], schemaOnlyTables: [], tableFilters: [], timeFilters: [] },
}

const entrySchema = z.strictObject(Object.fromEntries(inputNames.map((name) => [name, inputNamed(name).schema.optional()])))

function isProblems(result: FileValues | readonly Problem[]): result is readonly Problem[] {
  return Array.isArray(result)
}

/** Values that are right are kept even where others aren't: what they say of report and log level holds for the failure too. */
function parseGiven({ values, spell }: Given): { values: Partial<InputValues>; problems: Problem[] } {
  const parsed = entrySchema.safeParse(values)
  if (parsed.success) return { values: parsed.data as Partial<InputValues>, problems: [] }
  const mistakes = toMistakes(parsed.error.issues)
  const right = Object.fromEntries(Object.entries(values).filter(([name]) => !mistakes.some(({ path }) => path[0] === name)))
  const problems = mistakes.map(({ path, message, hint, code = 'usage', unknown }) => {
    const help = unknown === undefined ? hint : suggestion(unknown, inputNames.map(spell))
    return problem(
      code,
      unknown === undefined ? `${spell(String(path[0]))}: ${message}` : `${spell(unknown)} is unknown`,
      help === undefined ? {} : { hint: help },
    )
  })
  return { values: entrySchema.parse(right) as Partial<InputValues>, problems }
}

function connection(
  side: 'source' | 'target',
  given: Given,
  values: Partial<InputValues>,
): { settings?: ConnectionSettings; problems: Problem[]; secrets: string[] } {
  const variable = `SEREN_${side.toUpperCase()}_URL`
  const name = values[side] !== undefined ? given.spell(side) : variable
  const url = values[side] ?? given.environment[side]
  if (url === undefined || url.trim() === '') {
    // Given but wrong is reported already.
    if (side in given.values && values[side] === undefined) return { problems: [], secrets: [] }
    return {
      problems: [
        problem('usage', `the ${side}'s connection URL is missing`, {
          hint: `Give ${given.spell(side)} or set ${variable}. Secrets are empty in workflows that a fork started.`,
        }),
      ],
      secrets: [],
    }
  }
  try {
    const settings = parseConnectionUrl(url, { user: given.account })
    return { settings, problems: [], secrets: secretForms(url, settings) }
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error
    return {
      problems: [problem('url-invalid', `${name}: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint })],
      secrets: secretForms(url, undefined),
    }
  }
}

function unknownCommand({ command, spell }: Given): Problem {
  if (command === '') return problem('usage', 'the command is missing', { hint: `Commands are ${commands.join(', ')}.` })
  // Only what looks like a command is repeated: it may be a URL in the wrong place.
  return problem(
    'usage',
    /^[\w-]{1,30}$/.test(command) ? `the command ${command} is unknown` : `${spell('command')} is none of the commands`,
    { hint: suggestion(command, commands) },
  )
}

/** An include by flag stands for the file's; all else adds up, and scope/ lets a flag's rule win over the file's for the same table. */
function mergeScope(entered: Partial<InputValues>, { values, scope }: FileValues): ScopeRules {
  return {
    includeDatabases: entered['include-databases'] ?? values['include-databases'] ?? [],
    excludeDatabases: [...(entered['exclude-databases'] ?? []), ...(values['exclude-databases'] ?? [])],
    includeTables: entered['include-tables'] ?? [...(values['include-tables'] ?? []), ...scope.includeTables],
    excludeTables: [...(entered['exclude-tables'] ?? []), ...(values['exclude-tables'] ?? []), ...scope.excludeTables],
    schemaOnlyTables: [...(entered['schema-only-tables'] ?? []), ...(values['schema-only-tables'] ?? []), ...scope.schemaOnlyTables],
    tableFilters: [...(entered['table-filters'] ?? []), ...(values['table-filters'] ?? []), ...scope.tableFilters],
    timeFilters: [...(entered['time-filters'] ?? []), ...(values['time-filters'] ?? []), ...scope.timeFilters],
    followForeignKeys: entered['follow-foreign-keys'] ?? values['follow-foreign-keys'] ?? false,
  }
}

function assemble(
  command: Command,
  source: ConnectionSettings,
  target: ConnectionSettings,
  values: Partial<InputValues>,
  scope: ScopeRules,
  { onRunner, onTerminal }: Given,
): Config {
  return {
    command,
    source,
    target,
    scope,
    dropExisting: values['drop-existing'] ?? false,
    resume: !(values['no-resume'] ?? false),
    yes: values.yes ?? false,
    snapshotOnly: values['snapshot-only'] ?? false,
    jobs: values.jobs,
    timeBudget: values['time-budget'],
    maxLagBytes: values['max-lag-bytes'],
    maxLagSeconds: values['max-lag-seconds'],
    wait: values.wait,
    replicaIdentity: values['replica-identity'] ?? 'refuse',
    addTables: values['add-tables'] ?? false,
    sourceFromTarget: values['source-from-target'],
    subscriptionCredentials: values['subscription-credentials'] ?? 'inline',
    heartbeat: values.heartbeat !== 'off',
    maxHold: values['max-hold'] ?? 0.5,
    dryRun: values['dry-run'] ?? false,
    watch: onTerminal && (values.watch ?? false),
    clientTools: values['client-tools'] ?? { kind: 'auto' },
    mayInstall: onRunner,
    report: values.report,
  }
}

function presentationOf(values: Partial<InputValues>): Presentation {
  return {
    logLevel: values['log-level'] ?? 'info',
    summary: values.summary ?? true,
    report: values.report,
    artifactRetentionDays: values['artifact-retention-days'] ?? 0,
  }
}

function unheeded(command: Command, entered: Partial<InputValues>, spell: Given['spell']): Warning[] {
  return inputNames
    .filter((name: InputName) => entered[name] !== undefined && entered[name] !== false && inputNamed(name).unavailable !== true)
    .filter((name) => !inputNamed(name).commands.includes(command))
    .map((name) =>
      warning('usage', `${spell(name)} has no meaning for ${command}`, { hint: `It is heeded by ${inputs[name].commands.join(', ')}.` }),
    )
}

/** Refreshed in a log, it would never end. */
function unwatchable(command: Command, { watch }: Partial<InputValues>, { onTerminal, spell }: Given): Warning[] {
  if (command !== 'status' || watch !== true || onTerminal) return []
  return [warning('usage', `${spell('watch')} needs a terminal: it is looked once`, { hint: `A job waits with ${spell('wait')}.` })]
}

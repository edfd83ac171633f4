import { CommanderError, Option, Command as Program } from 'commander'
import { type Command, commands } from './config/config.ts'
import { suggestion } from './config/nearest.ts'
import type { Given } from './config/parse.ts'
import { type InputName, inputNamed, inputNames } from './config/schema.ts'
import { type Problem, problem } from './errors.ts'
import { toolName, version } from './version.ts'

export type Arguments =
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'run'; readonly command: string; readonly values: Given['values']; readonly problems: readonly Problem[] }

/** Understands the command line; every flag that is wrong is a problem, none is repeated with its value. */
export function parseArguments(argv: readonly string[]): Arguments {
  let printed = ''
  let found: Arguments | undefined
  const program = new Program(toolName)
    .description('Replicates PostgreSQL databases from any provider to any other.')
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Print this help.')
    .helpCommand('help [command]', 'Print the help of a command.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => (printed += text), writeErr: () => {} })
    .addHelpText('after', `\nConnection URLs are taken from SEREN_SOURCE_URL and SEREN_TARGET_URL too, which no process list shows.\n`)
  for (const name of commands) {
    const one = program
      .command(name)
      .description(descriptions[name])
      .allowUnknownOption()
      .allowExcessArguments()
      .helpOption('-h, --help', 'Print this help.')
    for (const option of optionsOf(name)) one.addOption(option)
    one.action(() => {
      const unknown = unknownArguments(
        one.args,
        one.options.map(({ long }) => long ?? ''),
      )
      found = { kind: 'run', command: name, values: valuesOf(one), problems: unknown }
    })
  }
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return { kind: 'print', text: printed }
    if (argv.length === 0) return { kind: 'print', text: program.helpInformation() }
    return { kind: 'run', command: commandIn(argv), values: {}, problems: toProblems(error, argv) }
  }
  return found ?? { kind: 'print', text: program.helpInformation() }
}

const descriptions: { readonly [name in Command]: string } = {
  validate: 'Report every problem of source, target, tools, scope and configuration at once.',
  plan: 'Show sizes, an estimate of the time, and what each table gets.',
  init: 'Copy roles, schema, data, indexes, constraints and grants.',
  sync: 'Keep the target up to date by logical replication.',
  status: 'Show how far replication is, or gate a deployment on it.',
  verify: 'Compare both sides table by table, with checksums.',
  cutover: 'Switch over to the target (to come).',
  cleanup: 'Remove what this tool left on both servers.',
  replicate: 'All of it in one go: init, sync, status, verify.',
  demo: 'Replicate sample data between two servers of its own.',
}

/** List inputs in both spellings: the action's plural, and the singular, which reads better where a flag is repeated. */
function optionsOf(command: Command): Option[] {
  if (command === 'demo') return []
  return inputNames
    .filter((name) => inputNamed(name).actionOnly !== true)
    .flatMap((name) => {
      const { kind, short, description, placeholder = 'VALUE', default: byDefault, commands: heeding, unavailable } = inputNamed(name)
      const hidden = unavailable === true || !heeding.includes(command)
      const flags = `${short === undefined ? '' : `${short}, `}--${name}${kind === 'flag' ? '' : ` <${placeholder}>`}`
      const text = byDefault === undefined || kind === 'flag' ? description : `${description} Default: ${byDefault}.`
      const option = new Option(flags, text.replaceAll('`', '')).hideHelp(hidden)
      if (kind !== 'list') return [option]
      const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value]
      return [option.argParser(collect), new Option(`--${singular(name)} <${placeholder}>`).argParser(collect).hideHelp()]
    })
}

function valuesOf(program: Program): Given['values'] {
  const given = (name: string) => {
    const option = program.options.find(({ long }) => long === `--${name}`)
    const key = option?.attributeName() ?? name
    return option === undefined || program.getOptionValueSource(key) !== 'cli'
      ? undefined
      : (program.getOptionValue(key) as string | boolean | readonly string[])
  }
  const entries = inputNames.map((name: InputName) => {
    const value = given(name)
    if (inputNamed(name).kind !== 'list') return [name, name.startsWith('no-') && value === false ? true : value]
    const all = [value, given(singular(name))].filter((one) => one !== undefined).flat()
    return [name, all.length === 0 ? undefined : all]
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Given['values']
}

/** What commander couldn't place: flags that don't exist, with what may be their values, and stray words. */
function unknownArguments(args: readonly string[], known: readonly string[]): Problem[] {
  return args.flatMap((argument, index) => {
    if (argument.startsWith('-')) return [unknownFlag(argument, known)]
    // The word behind an unknown flag is its value: one mistake, not two. It may be secret.
    return args[index - 1]?.startsWith('-') === true
      ? []
      : [problem('usage', 'there is a word that belongs to no flag', { hint: 'Values follow their flags: --include-databases shop.' })]
  })
}

function unknownFlag(argument: string, known: readonly string[]): Problem {
  const [name = ''] = argument.split('=')
  return problem('usage', /^--?[\w-]{1,40}$/.test(name) ? `the flag ${name} is unknown` : 'there is a flag that is unknown', {
    hint: suggestion(name, known),
  })
}

function toProblems(error: CommanderError, argv: readonly string[]): Problem[] {
  const [first = ''] = argv
  if (error.code === 'commander.unknownOption') return [unknownFlag(argv.find((one) => one.startsWith('-')) ?? '', ['--help', '--version'])]
  if (error.code === 'commander.optionMissingArgument') {
    const flag = /--[\w-]+/.exec(error.message)?.[0] ?? 'a flag'
    return [problem('usage', `${flag} is given without its value`)]
  }
  if (error.code === 'commander.unknownCommand' || error.code === 'commander.excessArguments') {
    const readable = /^[\w-]{1,30}$/.test(first)
    return [
      problem('usage', readable ? `the command ${first} is unknown` : 'the first word is none of the commands', {
        hint: suggestion(first, commands),
      }),
    ]
  }
  return [problem('usage', 'the command line is not understood', { hint: `See ${toolName} --help.` })]
}

function commandIn(argv: readonly string[]): string {
  return commands.find((one) => argv.includes(one)) ?? ''
}

function singular(name: string): string {
  return name.replace(/s$/, '')
}

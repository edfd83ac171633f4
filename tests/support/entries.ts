import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArguments } from '../../src/arguments.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Given, Parsed } from '../../src/config/parse.ts'
import type { CommandResult } from '../../src/plan/results.ts'
import { runCommand } from '../../src/run.ts'
import type { DatabasePair } from './database-pair.ts'

interface Asked {
  readonly urls: Given['environment']
  /** Text of the config file. */
  readonly file?: string
}

/** A command line from its words to its result, inside this process. */
export async function commandLine(
  words: readonly string[],
  { pair: { source, target }, ...more }: Pick<Asked, 'file'> & { readonly pair: DatabasePair },
): Promise<CommandResult> {
  const parsed = await parsedWords(words, { urls: { source: source.server.url(), target: target.server.url() }, ...more })
  const failures: unknown[] = []
  const complain = (error: unknown) => void failures.push(error)
  const frame = { command: words[0] ?? '', reporters: [], redact: (text: string) => text, signal: new AbortController().signal, complain }
  const result = await runCommand(frame, parsed)
  if (failures.length > 0) throw failures[0]
  return result
}

/** What a command line asks for. */
export async function commandLineConfig(words: readonly string[], asked: Asked): Promise<Config> {
  return configOf(await parsedWords(words, asked))
}

/** What the action's inputs ask for, which are one text each. */
export async function actionConfig(command: string, inputs: Readonly<Record<string, string>>, asked: Asked): Promise<Config> {
  return configOf(await load(command, inputs, (name) => name, asked))
}

async function parsedWords(words: readonly string[], asked: Asked): Promise<Parsed> {
  const parsed = parseArguments(words)
  if (parsed.kind === 'print') throw new Error(`nothing to run: ${parsed.text}`)
  if (parsed.problems.length > 0) throw new Error(JSON.stringify(parsed.problems))
  return load(parsed.command, parsed.values, (name) => `--${name}`, asked)
}

async function load(command: string, values: Given['values'], spell: Given['spell'], { urls, file }: Asked): Promise<Parsed> {
  const given = { command, environment: urls, onRunner: false, onTerminal: false, spell, account: 'postgres' }
  if (file === undefined) return loadConfig({ ...given, values }, tmpdir())
  const folder = await mkdtemp(join(tmpdir(), 'config-'))
  try {
    await writeFile(join(folder, 'seren.toml'), file)
    return await loadConfig({ ...given, values: { ...values, config: 'seren.toml' } }, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function configOf({ config, problems }: Parsed): Config {
  if (config === undefined) throw new Error(JSON.stringify(problems))
  return config
}

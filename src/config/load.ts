import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Problem, problem } from '../errors.ts'
import { type Given, type Parsed, parseConfig } from './parse.ts'
import type { FileText } from './parse-file.ts'

/** Reads the config file, where one is named, and parses everything. The only input or output of config/. */
export async function loadConfig(given: Given, folder: string): Promise<Parsed> {
  const { config: name } = given.values
  if (typeof name !== 'string' || name.trim() === '') return parseConfig(given, undefined)
  const file = await read(name.trim(), folder)
  if ('text' in file) return parseConfig(given, file)
  const parsed = parseConfig(given, undefined)
  return { ...parsed, config: undefined, problems: [file, ...parsed.problems] }
}

async function read(name: string, folder: string): Promise<FileText | Problem> {
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(resolve(folder, name))) }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return problem('config-invalid', `the config file ${name} is not UTF-8`, { hint: 'Save it with that encoding, which TOML asks for.' })
    const reason = code === 'ENOENT' ? "doesn't exist" : `can not be read (${code})`
    return problem('config-invalid', `the config file ${name} ${reason}`, {
      hint: 'Paths are taken from the working folder; in the action from the workspace, which actions/checkout fills.',
    })
  }
}

import { describe, expect, test } from 'vitest'
import { parseArguments } from '../../src/arguments.ts'
import { inputNamed, inputNames } from '../../src/config/schema.ts'

function run(...argv: string[]) {
  const parsed = parseArguments(argv)
  if (parsed.kind !== 'run') throw new Error(parsed.text)
  return parsed
}

test('every input is a flag by the same name, on every command', () => {
  for (const name of inputNames.filter((one) => inputNamed(one).actionOnly !== true)) {
    const { kind } = inputNamed(name)
    const { values, problems } = run('status', ...(kind === 'flag' ? [`--${name}`] : [`--${name}`, 'x']))
    expect([problems, values]).toEqual([[], { [name]: kind === 'flag' ? true : kind === 'list' ? ['x'] : 'x' }])
  }
})

test('list flags: repeated, in singular and plural', () => {
  const { values } = run(
    'init',
    '--include-table',
    'a',
    '--include-tables',
    'b,c',
    '--include-table=d',
    '--table-filter',
    't:a in (1, 2)',
    '-y',
  )
  expect(values).toEqual({ 'include-tables': ['b,c', 'a', 'd'], 'table-filters': ['t:a in (1, 2)'], yes: true })
})

describe('mistakes', () => {
  test('all unknown flags at once, with the nearest', () => {
    const { problems } = run('init', '--drop-exsting', '--soucre', 'postgresql://u:hunter2@h/d', '--jbos=3', '--jobs', '2')
    expect(problems.map(({ message, hint }) => [message, hint])).toEqual([
      ['the flag --drop-exsting is unknown', 'Did you mean --drop-existing?'],
      ['the flag --soucre is unknown', 'Did you mean --source?'],
      ['the flag --jbos is unknown', 'Did you mean --jobs?'],
    ])
  })
  test.each([
    [['initt'], 'the command initt is unknown'],
    [['postgresql://u:hunter2@h/d'], 'the first word is none of the commands'],
    [['init', 'postgresql://u:hunter2@h/d'], 'belongs to no flag'],
    [['--soucre=postgresql://u:hunter2@h/d', 'init'], '--soucre'],
    [['init', '--soucre=postgresql://u:hunter2@h/d'], '--soucre'],
    [['init', '--jobs'], '--jobs is given without its value'],
    [['--verion'], '--verion'],
  ])('%j', (argv, message) => {
    const { problems } = run(...argv)
    expect(problems).toMatchObject([{ code: 'usage', message: expect.stringContaining(message) }])
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })
})

test('help and version are printed', () => {
  expect(parseArguments(['--version'])).toMatchObject({ kind: 'print', text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
  for (const argv of [[], ['--help'], ['help', 'init'], ['init', '--help']])
    expect(parseArguments(argv)).toMatchObject({ kind: 'print', text: expect.stringContaining('Usage:') })
})

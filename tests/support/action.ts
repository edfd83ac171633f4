import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestContext } from 'vitest'
import { type RunningCommand, startNode } from './command.ts'

const bundle = fileURLToPath(new URL('../../dist/main/index.js', import.meta.url))

export interface Step {
  readonly code: number | null
  readonly output: string
  readonly outputs: Readonly<Record<string, string>>
  readonly state: Readonly<Record<string, string>>
  readonly summary: string
}

export interface Runner {
  readonly workspace: string
  readonly temporary: string
  /** Starts the step; `finish` reads what it left. */
  start(inputs: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>, node?: string): RunningCommand
  finish(command: RunningCommand): Promise<Step>
  /** Runs the step to its end. */
  step(inputs: Readonly<Record<string, string>>, env?: Readonly<Record<string, string>>, node?: string): Promise<Step>
}

/** A runner, as far as an action can see one. https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export async function runner(context: TestContext): Promise<Runner> {
  const folder = await mkdtemp(join(tmpdir(), 'runner-'))
  context.onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const [workspace, temporary] = [join(folder, 'workspace'), join(folder, 'temporary')]
  const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STATE: join(folder, 'state'), GITHUB_STEP_SUMMARY: join(folder, 'summary') }
  for (const one of [workspace, temporary]) await mkdir(one)
  const own = {
    ...files,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary,
    GITHUB_ACTIONS: 'true',
    GITHUB_JOB: 'replicate',
    GITHUB_RUN_ATTEMPT: '1',
  }

  const start: Runner['start'] = (inputs, env = {}, node = process.execPath) => {
    const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
    return startNode([bundle], { cwd: workspace, env: { ...own, ...Object.fromEntries(given), ...env }, node })
  }
  const finish: Runner['finish'] = async (command) => {
    const { code, output } = await command.finished
    const [outputs, state] = await Promise.all([readPairs(files.GITHUB_OUTPUT), readPairs(files.GITHUB_STATE)])
    return { code, output, outputs, state, summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8') }
  }
  return {
    workspace,
    temporary,
    start,
    finish,
    async step(inputs, env, node) {
      for (const file of Object.values(files)) await writeFile(file, '')
      await using command = start(inputs, env, node)
      return await finish(command)
    },
  }
}

/** `name<<delimiter`, lines, `delimiter`. */
async function readPairs(file: string): Promise<Record<string, string>> {
  const text = await readFile(file, 'utf8')
  return Object.fromEntries([...text.matchAll(/^(.+)<<(ghadelimiter_.+)\n([^]*?)\n?\2\n/gm)].map(([, name, , value]) => [name, value]))
}

import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as core from '@actions/core'
import { accountName } from './account-name.ts'
import { loadConfig } from './config/load.ts'
import type { Given, Parsed } from './config/parse.ts'
import { inputNames } from './config/schema.ts'
import { hasArtifacts, uploadReport } from './report/actions-artifact.ts'
import { actionsLogReporter } from './report/actions-log.ts'
import { actionsOutputsReporter } from './report/actions-outputs.ts'
import { jobSummaryReporter } from './report/job-summary/job-summary.ts'
import { jsonReporter } from './report/json.ts'
import { neutralise } from './report/neutralise.ts'
import { type Redact, redactor } from './report/redact.ts'
import { type Reporter, styles } from './report/reporter.ts'
import { exitCodeOf, runCommand } from './run.ts'
import { listenForSignals } from './signals.ts'

/** What the post step is told. Never anything secret: the state is plain text on disk. */
const state = { post: 'post', report: 'report', artifact: 'artifact', retention: 'retention' } as const

await (core.getState(state.post) === '' ? main() : post())

async function main(): Promise<void> {
  core.saveState(state.post, 'yes')
  const signals = listenForSignals(process)
  const workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd()
  const given = readInputs()
  const parsed = await loadConfig(given, workspace)
  for (const secret of parsed.secrets) core.setSecret(secret)
  const redact = redactor(parsed.secrets)
  const report = reportPath(given.command, parsed, workspace)
  const reporters = reportersFor(parsed, redact, report)
  const result = await runCommand(
    { command: given.command, reporters, redact, signal: signals.signal, complain: (error) => complain(error, redact) },
    parsed,
  )
  // Stopping for the time budget is what was asked for: the output `complete` tells it from the end.
  const code = result.outcome === 'to-be-continued' ? 0 : exitCodeOf(result, signals.received())
  process.stdout.write('', () => process.exit(code))
}

/** Uploads what the run left. Runs on failure and cancel too, with little time; each part on its own try. */
async function post(): Promise<void> {
  const file = core.getState(state.report)
  if (file === '' || !existsSync(file)) return
  if (!hasArtifacts(process.env['GITHUB_SERVER_URL']))
    return core.warning('The report is not uploaded: GitHub Enterprise Server has no artifacts of this version.')
  if (!process.env['ACTIONS_RUNTIME_TOKEN']) return core.info('The report is not uploaded: this runner has no artifacts.')
  try {
    await uploadReport({ name: core.getState(state.artifact), file, retentionDays: Number(core.getState(state.retention)) || 0 })
  } catch (error) {
    core.warning(neutralise(`The report could not be uploaded: ${error instanceof Error ? error.message : String(error)}`))
  }
}

function readInputs(): Given {
  const values = inputNames.map((name) => [name, core.getInput(name)] as const).filter(([, value]) => value !== '')
  const given: Given = {
    command: core.getInput('command'),
    values: Object.fromEntries(values),
    environment: { source: process.env['SEREN_SOURCE_URL'], target: process.env['SEREN_TARGET_URL'] },
    onRunner: process.env['GITHUB_ACTIONS'] === 'true',
    onTerminal: false,
    spell: (name) => name,
    account: accountName(),
  }
  // No child needs them, and an environment is easily read.
  for (const name of ['INPUT_SOURCE', 'INPUT_TARGET', 'INPUT_GITHUB-TOKEN', 'SEREN_SOURCE_URL', 'SEREN_TARGET_URL'])
    delete process.env[name]
  return given
}

function reportersFor({ presentation }: Parsed, redact: Redact, report: string): Reporter[] {
  const { logLevel, summary } = presentation
  const output = { write: (text: string) => void process.stdout.write(neutralise(redact(text))), styles: styles(false), size: undefined }
  const summaryFile = process.env['GITHUB_STEP_SUMMARY']
  return [
    actionsLogReporter(output, { level: core.isDebug() ? 'debug' : logLevel, redact }),
    jsonReporter(report),
    ...(summary && summaryFile ? [jobSummaryReporter({ file: summaryFile, redact, manual: manual() })] : []),
    actionsOutputsReporter({ reportPath: report, redact }),
  ]
}

/** The action's own repository, at the version that runs; unknown where the action is in the workflow's repository. */
function manual(): string | undefined {
  const { GITHUB_ACTION_REPOSITORY: repository, GITHUB_ACTION_REF: ref, GITHUB_SERVER_URL: server = 'https://github.com' } = process.env
  return repository && ref ? `${server}/${repository}/blob/${ref}/docs/errors.md` : undefined
}

/** Always written: the post step uploads it. */
function reportPath(command: string, { presentation }: Parsed, workspace: string): string {
  const run = randomUUID().slice(0, 8)
  const name = /^[a-z]+$/.test(command) ? command : 'report'
  const path =
    presentation.report === undefined
      ? join(process.env['RUNNER_TEMP'] ?? workspace, `seren-replicator-${run}`, `${name}.json`)
      : resolve(workspace, presentation.report)
  core.saveState(state.report, path)
  core.saveState(
    state.artifact,
    `seren-replicator-${name}-${process.env['GITHUB_JOB'] ?? 'job'}-${process.env['GITHUB_RUN_ATTEMPT'] ?? '1'}-${run}`,
  )
  core.saveState(state.retention, String(presentation.artifactRetentionDays))
  return path
}

function complain(error: unknown, redact: Redact): void {
  core.warning(
    neutralise(redact(`A part of the output failed, the run went on: ${error instanceof Error ? error.message : String(error)}`)),
  )
}

import { existsSync } from 'node:fs'
import type { ClientTools } from '../config/config.ts'
import type { Emit } from '../events.ts'
import type { ObservedTools } from '../plan/observed.ts'
import { findClientTools, runTool } from './tools.ts'

interface Wanted {
  readonly clientTools: ClientTools
  /** Only on a runner: on anyone's own machine packages are theirs to install. */
  readonly mayInstall: boolean
  /** Major of the source: pg_dump reads no newer servers than itself. */
  readonly major: number
}

/** The client tools, installed from the distribution's packages where they're missing or too old and that may be. */
export async function ensureClientTools(
  { clientTools, mayInstall, major }: Wanted,
  emit: Emit,
  signal: AbortSignal,
): Promise<ObservedTools> {
  const found = await findClientTools(clientTools)
  if (clientTools.kind !== 'auto' || !mayInstall || isEnough(found, major)) return found
  emit({
    type: 'note',
    message: `installing the package postgresql-client-${major}: the client tools found are ${found.pgDump?.version ?? 'none'}`,
  })
  try {
    for (const step of aptSteps(major)) await runTool({ path: 'sudo', args: ['--non-interactive', ...step], signal })
  } catch (error) {
    signal.throwIfAborted()
    // Preflight then says what is missing and how to install it.
    emit({ type: 'note', message: `the package was not installed: ${error instanceof Error ? error.message : String(error)}` })
  }
  return findClientTools(clientTools)
}

function isEnough({ pgDump, pgRestore }: ObservedTools, major: number): boolean {
  return pgDump !== null && pgRestore !== null && pgDump.major >= major && pgRestore.major >= major
}

/** Part of postgresql-common, which the runners' images have: enters PostgreSQL's own package repository. */
const enterRepository = '/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh'

function aptSteps(major: number): string[][] {
  return [
    ...(existsSync(enterRepository) ? [[enterRepository, '-y']] : [['apt-get', 'update']]),
    ['apt-get', 'install', '--yes', '--no-install-recommends', `postgresql-client-${major}`],
  ]
}

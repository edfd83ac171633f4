import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Event } from '../../src/events.ts'
import { ensureClientTools } from '../../src/pg/install-client-tools.ts'

/** Newer than any that can be installed here. */
const major = 99

test.each([
  ['on a runner, tools that are too old are replaced by those of the source', { kind: 'auto' }, true, true],
  ['on one’s own machine nothing is installed', { kind: 'auto' }, false, false],
  ['nothing is installed where the system’s tools were asked for', { kind: 'system' }, true, false],
] as const)('%s', async (_, clientTools, mayInstall, installs) => {
  const folder = await mkdtemp(join(tmpdir(), 'fake-sudo-'))
  try {
    await writeFile(join(folder, 'sudo'), `#!/bin/sh\necho "$@" >> ${folder}/asked\n`)
    await chmod(join(folder, 'sudo'), 0o755)
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
    const events: Event[] = []
    await ensureClientTools({ clientTools, mayInstall, major }, (event) => events.push(event), new AbortController().signal)
    const asked = await readFile(join(folder, 'asked'), 'utf8').catch(() => '')
    expect(asked.includes(`apt-get install --yes --no-install-recommends postgresql-client-${major}`)).toBe(installs)
    expect(events.some((event) => event.type === 'note' && event.message.includes(`postgresql-client-${major}`))).toBe(installs)
  } finally {
    vi.unstubAllEnvs()
    await rm(folder, { recursive: true })
  }
})

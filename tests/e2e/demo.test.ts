import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type TestContext, test, vi } from 'vitest'
import { runCommand, startCommand, startNode } from '../support/command.ts'

test('the demo goes from its servers to its summary, and leaves nothing else', async (context) => {
  const { cwd, env, left } = await folders(context)
  const { code, output } = await runCommand(['demo'], { cwd, env })
  expect(code, output).toBe(0)
  for (const command of ['validate', 'init', 'sync', 'verify', 'cleanup', 'demo']) expect(output).toContain(`✓ ${command} is done`)
  expect(output).toMatch(/✓ status: .+ behind, (\d+) of \1 tables ready/)
  expect(output).toMatch(/verify is done: \d+ tables equal/)
  expect(output).toMatch(/Meanwhile the shop wrote [1-9][\d,]* rows, which followed/)
  expect(output).toMatch(
    /it made [1-9][\d,]* transactions: none failed, the longest took [\d,]+ ms, and at the gate the target was \d+ ms behind/,
  )
  expect(output).toMatch(/nobody had to be superuser there/)
  expect((await readdir(cwd)).sort()).toEqual(['demo-summary.html', 'demo-summary.md'])
  const page = await readFile(join(cwd, 'demo-summary.html'), 'utf8')
  expect(page).toContain('class="gantt"')
  for (const heading of ['init', 'sync', 'status', 'verify', 'cleanup']) expect(page).toMatch(new RegExp(`<h2>\\S+ ${heading}\\b`))
  expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\(/)
  expect(await left()).toEqual([])
})

for (const [when, pattern] of [
  ['its data is made', /Starting two servers/],
  ['rows are copied', /copying \d+ tables/],
] as const) {
  test(`Ctrl+C while ${when} leaves nothing behind`, async (context) => {
    const { cwd, env, left } = await folders(context)
    await using command = startCommand(['demo'], { cwd, env })
    await command.waitFor(pattern)
    if (when === 'its data is made') await new Promise((resolve) => setTimeout(resolve, 3000))
    command.kill('SIGINT')
    const { code, output } = await command.finished
    expect(code, output).toBe(130)
    expect(output).toContain('demo was interrupted')
    expect(await readdir(cwd)).toEqual([])
    expect(await left()).toEqual([])
  })
}

test('a demo that is killed takes its servers along', async (context) => {
  const { cwd, env, left } = await folders(context)
  await using command = startCommand(['demo'], { cwd, env })
  await command.waitFor(/Starting two servers/)
  await vi.waitUntil(async () => (await left()).length === 2, { timeout: 20_000 })
  command.kill('SIGKILL')
  await command.finished
  await vi.waitUntil(async () => (await left()).length === 0, { timeout: 30_000 })
})

test('without the packages of the servers, it says how to get them', async (context) => {
  const { cwd, env } = await folders(context)
  await cp(fileURLToPath(new URL('../../dist/cli', import.meta.url)), join(cwd, 'cli'), { recursive: true })
  await using command = startNode([join(cwd, 'cli/index.js'), 'demo'], { cwd, env })
  const { code, output } = await command.finished
  expect(code, output).toBe(2)
  expect(output).toContain('npm ci')
})

/** A working folder and a temporary folder, which the server's own account must be able to pass. */
async function folders(context: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'demo-test-'))
  context.onTestFinished(() => rm(root, { recursive: true, force: true }))
  await chmod(root, 0o711)
  const [cwd, temporary] = await Promise.all(['work', 'tmp'].map((name) => mkdtemp(join(root, name))))
  if (cwd === undefined || temporary === undefined) throw new Error('no folders')
  await chmod(temporary, 0o711)
  return { cwd, env: { TMPDIR: temporary }, left: () => readdir(temporary) }
}

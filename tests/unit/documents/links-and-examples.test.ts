import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { commands } from '../../../src/config/config.ts'
import { inputNames, inputs } from '../../../src/config/schema.ts'
import { outputs } from '../../../src/report/actions-outputs.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const docs = await filesIn('docs', '.md')
const examples = await filesIn('docs/examples', '.yml')
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...docs]

test.each(pages)('links of %s lead to files and headings that are there', async (page) => {
  const text = await readFile(join(root, page), 'utf8')
  for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? join(root, page) : join(root, dirname(page), path)
    expect(existsSync(file), `${page}: ${target}`).toBe(true)
    if (anchor !== undefined) expect(await anchorsOf(file), `${page}: ${target}`).toContain(anchor)
  }
})

test.each(['README.md', ...examples])('workflows in %s give commands, inputs and outputs that are there', async (page) => {
  const text = await readFile(join(root, page), 'utf8')
  const uses = [...text.matchAll(/uses: \S*postgres-seren-replicator@.*\n +with:\n((?: +.*\n?|\n)+?)(?=\n|\s*- |$)/g)].map(
    ([, body = '']) => body,
  )
  expect(uses.length).toBeGreaterThan(0)
  for (const body of uses) {
    const indent = /^ +/.exec(body)?.[0] ?? ''
    const names = [...body.matchAll(new RegExp(`^${indent}([a-z-]+):`, 'gm'))].map(([, name]) => name)
    const known: readonly string[] = ['command', ...inputNames.filter((name) => !('unavailable' in inputs[name]))]
    for (const name of names) expect(known).toContain(name)
    expect(commands).toContain(/command: (\S+)/.exec(body)?.[1])
  }
  for (const [, name] of text.matchAll(/steps\.\w+\.outputs\.([\w-]+)/g)) expect(Object.keys(outputs)).toContain(name)
})

async function filesIn(folder: string, end: string): Promise<string[]> {
  return (await readdir(join(root, folder))).filter((name) => name.endsWith(end)).map((name) => `${folder}/${name}`)
}

/** As GitHub makes them of headings. */
async function anchorsOf(file: string): Promise<string[]> {
  const headings = [...(await readFile(file, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  )
}

import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fileSchema } from '../../../src/config/file-schema.ts'
import { inputNames } from '../../../src/config/schema.ts'
import { codes } from '../../../src/errors.ts'
import { reportSchema } from '../../../src/report/report-schema.ts'
import { toolName, version } from '../../../src/version.ts'
import { actionYml } from './action-yml.ts'
import { configurationMd, inputTable, outputTable } from './configuration.ts'

const root = '../../..'

describe('documents are what the schemas say (npx vitest run tests/unit/documents -u)', () => {
  test('action.yml', () => expect(actionYml()).toMatchFileSnapshot(`${root}/action.yml`))

  test('docs/configuration.md', () => expect(configurationMd()).toMatchFileSnapshot(`${root}/docs/configuration.md`))

  test('docs/config.schema.json', () => expect(jsonSchema(fileSchema, 'input')).toMatchFileSnapshot(`${root}/docs/config.schema.json`))

  test('docs/report.schema.json', () => expect(jsonSchema(reportSchema, 'output')).toMatchFileSnapshot(`${root}/docs/report.schema.json`))

  test("the README's tables of inputs and outputs", async () => {
    const readme = await read('README.md')
    const inputs = section(section(readme, 'inputs', inputTable(inputNames)), 'outputs', outputTable())
    await expect(inputs).toMatchFileSnapshot(`${root}/README.md`)
  })
})

test('docs/errors.md has a heading for every code, in their order, and no other', async () => {
  const headings = [...(await read('docs/errors.md')).matchAll(/^### `(.+)`$/gm)].map(([, code]) => code)
  expect(headings).toEqual([...codes])
})

test('every code in docs/errors.md has meaning and what to do', async () => {
  const [, ...sections] = (await read('docs/errors.md')).split(/^### /m)
  for (const one of sections) expect(one).toMatch(/^`.+`\n\n\S[^]*\n\*\*What to do:\*\* \S/)
})

test('the version is the one of package.json', async () => {
  const { name, version: published } = z.object({ name: z.string(), version: z.string() }).parse(JSON.parse(await read('package.json')))
  expect([toolName, version]).toEqual([name, published])
})

function read(path: string): Promise<string> {
  return readFile(new URL(`${root}/${path}`, import.meta.url), 'utf8')
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { io }), null, 2)}\n`
}

function section(text: string, name: string, body: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  expect(text).toContain(start)
  expect(text).toContain(end)
  return `${text.slice(0, text.indexOf(start) + start.length)}\n${body}\n${text.slice(text.indexOf(end))}`
}

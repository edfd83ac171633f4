import { expect, type TestContext } from 'vitest'
import type { ServerMajor } from '../../src/commands/demo/server-package.ts'
import { loadAwkward } from './awkward.ts'
import { schemaDifferences } from './client-tools.ts'
import { compareDatabases, compareRoles } from './compare.ts'
import { databasePair } from './database-pair.ts'
import { runInit, runVerify } from './engine.ts'

/** Copies everything that is easily lost between two majors, and holds it against the source by means of others and by our own `verify`. */
export async function expectWholeCopy(context: TestContext, source: ServerMajor, target: ServerMajor): Promise<void> {
  const pair = await databasePair(context, { source, target, own: true, createTarget: false })
  await loadAwkward(pair.source, Math.min(source, target))
  const { result } = await runInit(pair)
  expect(result).toMatchObject({ problems: [], outcome: 'done' })
  expect(await compareRoles(pair.source.server.url(), pair.target.server.url())).toEqual([])
  expect(await compareDatabases(pair.source.url, pair.target.url)).toEqual([])
  expect(await schemaDifferences(pair)).toEqual([])
  expect((await runVerify(pair)).result).toMatchObject({ problems: [], outcome: 'done' })
}

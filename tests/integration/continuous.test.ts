import { test } from 'vitest'
import { hasClientTools } from '../support/client-tools.ts'
import { expectFollowed } from '../support/continuous.ts'

const pairs = [
  [12, 17],
  [15, 15],
  [15, 18],
  [17, 18],
] as const

for (const [source, target] of pairs) {
  test.skipIf(!hasClientTools(source))(`what is written all along arrives, from ${source} to ${target}`, async (context) => {
    await expectFollowed(context, source, target)
  })
}

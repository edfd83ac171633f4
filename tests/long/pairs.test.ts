/** @module-tag long */
import { test } from 'vitest'
import { expectWholeCopy } from '../support/whole-copy.ts'

const pairs = [
  [13, 17],
  [14, 16],
  [16, 18],
  [12, 15],
  [18, 18],
] as const

for (const [source, target] of pairs) {
  test(`everything that is easily lost arrives, from ${source} to ${target}`, async (context) => {
    await expectWholeCopy(context, source, target)
  })
}

/** @module-tag long */
import { test } from 'vitest'
import { expectDoneByRestrictedRoles } from '../support/restricted-roles.ts'

const pairs = [
  [12, 16],
  [14, 16],
  [15, 17],
  [16, 18],
] as const

for (const [source, target] of pairs) {
  test(`no superuser is needed, from ${source} to ${target}`, async (context) => {
    await expectDoneByRestrictedRoles(context, source, target)
  })
}

import { test } from 'vitest'
import { hasClientTools } from '../support/client-tools.ts'
import { expectDoneByRestrictedRoles } from '../support/restricted-roles.ts'

const pairs = [
  [15, 17],
  [17, 18],
] as const

for (const [source, target] of pairs) {
  test.skipIf(!hasClientTools(source))(`no superuser is needed, from ${source} to ${target}`, async (context) => {
    await expectDoneByRestrictedRoles(context, source, target)
  })
}

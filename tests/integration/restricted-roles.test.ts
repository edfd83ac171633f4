import { test } from 'vitest'
import { hasClientTools } from '../support/client-tools.ts'
import { expectDoneByRestrictedRoles } from '../support/restricted-roles.ts'

test.skipIf(!hasClientTools(17))('no superuser is needed, from 17 to 18', async (context) => {
  await expectDoneByRestrictedRoles(context, 17, 18)
})

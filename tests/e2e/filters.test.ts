import { expect, test } from 'vitest'
import { bundles } from '../support/bundles.ts'
import { databasePair } from '../support/database-pair.ts'

for (const [name, run] of Object.entries(bundles)) {
  test(`a filter that reads the clock is understood by ${name}`, async (context) => {
    const pair = await databasePair(context, { source: 15, target: 18, createTarget: false })
    await pair.source.query(
      "create table t (id int, at timestamptz); insert into t select i, now() - i * interval '1 month' from generate_series(1, 9) i",
    )
    await run(context, pair, { tableFilter: "t:at > NOW() - INTERVAL '130 days' and exists (select from t o where o.id = t.id)" })
    expect(await pair.target.query('select id from t order by 1')).toEqual(['1', '2', '3', '4'].map((id) => ({ id })))
  })
}

import { functionName, type InventoryClass, isNoPart } from './inventory-class.ts'

/** Casts, without those from ranges to multiranges (14), and transforms. */
export const casts = (): InventoryClass[] => [
  {
    catalog: 'pg_cast',
    where: isNoPart('pg_cast'),
    facts: { function: functionName('x.castfunc'), context: 'x.castcontext', method: 'x.castmethod' },
  },
  {
    catalog: 'pg_transform',
    facts: { 'from SQL': functionName('x.trffromsql'), 'to SQL': functionName('x.trftosql') },
  },
]

import { functionName, type InventoryClass } from './inventory-class.ts'

/** A shell, made by naming a commutator that never came, has no function. */
export const operators = (): InventoryClass => ({
  catalog: 'pg_operator',
  schema: 'x.oprnamespace',
  where: 'x.oprcode <> 0',
  owner: 'x.oprowner',
  facts: {
    function: functionName('x.oprcode'),
    result: 'pg_catalog.format_type(x.oprresult, null)',
    commutator: 'nullif(x.oprcom, 0)::pg_catalog.regoperator',
    negator: 'nullif(x.oprnegate, 0)::pg_catalog.regoperator',
    restriction: functionName('x.oprrest'),
    join: functionName('x.oprjoin'),
    merges: 'x.oprcanmerge',
    hashes: 'x.oprcanhash',
  },
})

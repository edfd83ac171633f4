import { functionName, type InventoryClass } from './inventory-class.ts'

/** Procedural languages and access methods that no extension brought. */
export const languages = (): InventoryClass[] => [
  {
    catalog: 'pg_language',
    owner: 'x.lanowner',
    acl: { items: 'x.lanacl', kind: `'l'`, owner: 'x.lanowner' },
    facts: {
      handler: functionName('x.lanplcallfoid'),
      inline: functionName('x.laninline'),
      validator: functionName('x.lanvalidator'),
      trusted: 'x.lanpltrusted',
    },
  },
  { catalog: 'pg_am', facts: { kind: 'x.amtype', handler: functionName('x.amhandler') } },
]
